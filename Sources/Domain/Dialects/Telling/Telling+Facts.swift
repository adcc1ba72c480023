import Bytes
import Model

/// Facts that several dialects spell in their own ways.
extension Telling {
  /// An identifier, also where it is a number or the `id` or `name` of an object.
  static func identifier(_ place: JSONPlace?) -> JSONPlace? {
    guard let place else { return nil }
    switch place.value {
    case .number(let number): return JSONPlace(.text(number.text), at: place.pointer)
    case .object: return identifier(place.first(["id", "name", "agentId", "agent_id", "agent"])) ?? place
    default: return place
    }
  }

  /// Says which error stands at a place: a text, or an object in one of the usual spellings.
  static func put(_ error: JSONPlace?, into event: inout ForeignEvent) {
    guard let error else { return }
    guard case .object = error.value else {
      let text = error.text ?? String(decoding: error.value.bytes(), as: UTF8.self)
      event.put("error.message", .text(text), from: error.pointer)
      event.put("error.type", ErrorWords.type(in: text).map { .text($0) }, from: error.pointer)
      return
    }
    let message = error.first(["message", "error", "detail", "reason", "description"])
    let type = error.first(["type", "error_type", "errorType", "code", "name"])
    event.put("error.message", message)
    event.put("error.type", type.map { constant(Self.identifier($0) ?? $0) })
    if type == nil, let text = message?.text {
      event.put("error.type", ErrorWords.type(in: text).map { .text($0) }, from: error.pointer)
    }
    event.put("error.class", errorClass(error))
    event.put("error.attempted", error.first(["attempted", "attempted_action", "what_was_attempted"]))
    event.put("error.hint", error.first(["hint", "recovery_hint", "recoveryHint", "suggestion", "remedy"]))
  }

  /// Codes as JavaScript writes them (`NO_ROUTE`) are plain words; names of classes stay as they are.
  private static func constant(_ type: JSONPlace) -> JSONPlace {
    guard let text = type.text, !text.contains(where: \.isLowercase), text.contains(where: \.isUppercase)
    else {
      return type
    }
    return type.plain
  }

  private static func errorClass(_ error: JSONPlace) -> JSONPlace? {
    if let word = error.first(["class", "error_class", "classification", "errorClass", "severity_class"]) {
      return word.text.map { JSONPlace(.text(Word.plain($0)), at: word.pointer) } ?? word
    }
    guard let flag = error.first(["retryable", "is_retryable", "retriable"]),
      case .boolean(let may) = flag.value
    else { return nil }
    return JSONPlace(.text(may ? "retryable" : "permanent"), at: flag.pointer)
  }

  /// Says on whose behalf all of it is, and what is held for it.
  mutating func shareOwner() {
    let inner = ["context", "metadata", "executionContext", "context.executionContext"]
    let user =
      find("user_id", "userId") ?? message.first(inner.flatMap { ["\($0).user_id", "\($0).userId"] })
    share("user_id", Self.identifier(user))
    let resources = find("resources") ?? message.first(["context.resources", "metadata.resources"])
    if let resources, resources.value.bytes().count <= ForeignEvent.largestNote {
      share("resources", resources)
    }
  }

  /// The sections that stand in any of some places, as a list.
  static func sections(in places: [JSONPlace]) -> JSONValue {
    .array(Sections.present(in: places).map { .text($0) })
  }

  /// More constraints than these have a hash over all alone.
  private static let mostConstraints = 64

  /// Says what binds the receiver, as a hash that is the same as long as the constraints are, and one of each.
  static func put(constraints place: JSONPlace?, into event: inout ForeignEvent) {
    guard let place, !place.value.isEmpty, let hash = Checksum.sha256(place.value.bytes(.canonical)) else {
      return
    }
    event.put("envelope.constraints_hash", .text(hash), from: place.pointer)
    let each = place.value.elements + (place.value.object?.members ?? []).map { .object(JSONObject([$0])) }
    guard (1...mostConstraints).contains(each.count) else { return }
    let hashes = each.compactMap { Checksum.sha256($0.bytes(.canonical))?.dropFirst(7).prefix(16) }
    event.put(
      "envelope.constraint_hashes", .array(hashes.map { .text(String($0)) }), from: place.pointer)
  }

  /// How an envelope was packed: `Summary + refs` and `{"method": "lazy loading"}` are words, too.
  static func strategy(_ place: JSONPlace?) -> JSONPlace? {
    guard let place else { return nil }
    let said = place.first(["method", "strategy", "type", "name"]) ?? place
    guard let text = said.text else { return said }
    let words = Word.plain(text).split { !$0.isLetter && !$0.isNumber }
      .filter { !["and", "with", "based", "context"].contains($0) }
    let word = words.joined(separator: "_").replacing("references", with: "refs")
    return JSONPlace(.text(word), at: said.pointer)
  }

  /// The number of elements of a list, as an attribute.
  static func count(_ place: JSONPlace?, as name: String, into event: inout ForeignEvent) {
    guard let place else { return }
    event.put("attributes.\(name)", count(of: place), from: place.pointer)
  }

  /// How much there is of something: as it says itself, or its elements or members.
  static func count(of place: JSONPlace) -> JSONValue {
    if place.value.integer != nil { return place.value }
    return .number(JSONNumber(place.value.object?.members.count ?? place.value.elements.count))
  }

  /// The size of the message.
  var size: JSONValue { .number(JSONNumber(message.value.bytes().count)) }

  /// An id made of parts of the message, for a handoff that it gives none.
  func derivedID(_ parts: [JSONPlace?]) -> JSONPlace {
    let named = parts.compactMap { $0.map(\.value) }
    let text = JSONValue.array(named.isEmpty ? [message.value] : named).bytes(.canonical)
    let digest = Checksum.sha256(text)?.dropFirst(7).prefix(24) ?? ""
    return JSONPlace(.text("\(dialect.rawValue)-\(digest)"))
  }
}

extension JSONPlace {
  /// The text of an identifier, unless it is empty or too long to be a part of another.
  var identifierText: String? {
    guard let text = Telling.identifier(self)?.text, (1...200).contains(text.utf8.count) else { return nil }
    return text
  }

  /// The plain word that it says.
  var word: String? { text.map(Word.plain) }

  /// It with its word plain, such as `warm` for `HandoffType.WARM`.
  var plain: JSONPlace { word.map { JSONPlace(.text($0), at: pointer) } ?? self }
}

/// What errors of well-known wording are about.
enum ErrorWords {
  static func type(in text: String) -> String? {
    let text = text.lowercased()
    return hints.first { text.contains($0.part) }?.type
  }

  /// Looked for in this order.
  private static let hints: [(part: String, type: String)] = [
    ("checksum", "checksum_mismatch"), ("no matching route", "no_route"), ("circuit breaker", "circuit_open"),
    ("attempts failed", "retries_exhausted"), ("not assigned to", "ownership_violation"),
    ("validation", "validation_failed"), ("timed out", "timeout"), ("timeout", "timeout"),
    ("agent not found", "agent_not_found"), ("cannot accept", "not_accepting"),
    ("connection", "connection"),
  ]
}

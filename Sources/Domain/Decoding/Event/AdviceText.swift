import Model

extension Advice {
  /// The advice in words; `text` is what the fault was found in.
  func message(_ text: Span<UInt8>) -> String {
    switch self {
    case .expected(let expected, let found):
      "\(expected.rawValue) belongs here, not \(found == .number ? "such a number" : found.rawValue)"
    case .notAnObject(let found): "an event is a JSON object, not \(found.rawValue)"
    case .empty: "it must not be empty; leave it out if there is none"
    case .controlCharacter: "control characters are not taken in identifiers; send printable text"
    case .nul: "the NUL character is not taken; leave it out"
    case .brokenUTF8: "this is not UTF-8; send the text in UTF-8"
    case .loneSurrogate: "half of a surrogate pair is no character; send both halves or UTF-8"
    case .secretIdentity: "this looks like a secret, and identifiers are stored as they are; use another"
    case .notATime:
      "a time is RFC 3339 such as 2026-11-21T03:00:00Z, or a number of seconds or milliseconds since 1970"
    case .unknownType(let start, let end): TypeAdvice.message(text.extracting(start..<end))
    case .unsupportedVersion: "this sidecar reads events of schema version 1.x"
    case .duplicateKey: "the same key stands twice in this object; send it once"
    case .missing(let what): "\(what)"
    default: measured
    }
  }

  private var measured: String {
    switch self {
    case .tooLong(let count, let most): "this is \(count) bytes long; at most \(most) are taken"
    case .tooLarge(let count, let most): "this takes \(count) bytes; at most \(most) are taken"
    case .tooDeep(let most): "objects and lists stand within one another more than \(most) deep"
    case .notInRange(let most): "a number from 0 to \(most) belongs here"
    case .numberTooLarge:
      "this number is too large to be kept; whole numbers may take 64 bits, others a double"
    case .tooManyReceivers(let most): "at most \(most) receivers are taken; send several events"
    case .moreResolvedThanRequested(let resolved, let requested):
      "\(resolved) resolved references are more than the \(requested) requested"
    case .tooOld(let retention): "this is older than the retention of \(days(retention))"
    case .inFuture(let ahead):
      "this is more than \(ahead.components.seconds) s ahead of the sidecar's clock; check the sender's"
    case .receiverTooLong(let most):
      "with the handoff's id before it this receiver makes an id of more than \(most) bytes"
    case .broadcastTooLarge(let most):
      "the broadcasts of this body take more than \(most) bytes, one event a receiver; send smaller batches"
    default: ""
    }
  }
}

/// A duration in days, if it is whole days, else in seconds.
private func days(_ duration: Duration) -> String {
  let seconds = duration.components.seconds
  return seconds % 86_400 == 0 ? "\(seconds / 86_400) days" : "\(seconds) s"
}

extension SyntaxFault {
  /// What is wrong, and what would be right.
  var message: String {
    switch self {
    case .truncated: "the text ends too early"
    case .unclosedString: "a string is not closed"
    case .controlCharacter: "a control character within a string must be escaped"
    case .escape: "this escape is none that JSON knows"
    case .number: "this is not a number as JSON writes it"
    case .word: "only true, false and null stand without quotes (NaN and Infinity are not JSON)"
    case .value: "a value belongs here"
    case .key: "a key in double quotes belongs here"
    case .colon: "a colon belongs here"
    case .memberEnd: "a comma or a closing brace belongs here"
    case .elementEnd: "a comma or a closing bracket belongs here"
    case .trailing:
      "nothing may follow here; send several events as an array, or one a line as application/x-ndjson"
    }
  }
}

/// Helps whoever has misspelt a type.
enum TypeAdvice {
  static func message(_ sent: Span<UInt8>) -> String {
    let shown = Excerpt.masked(sent, longest: 48)
    let nearest = EventType.allCases.map(\.name).min { distance($0, shown) < distance($1, shown) }
    guard let nearest, distance(nearest, shown) <= 4 else {
      return "there is no event type \"\(shown)\"; see the list of types, such as handoff.initiated"
    }
    return "there is no event type \"\(shown)\"; did you mean \(nearest)?"
  }

  /// How many letters must be changed, added or taken away to make one word of the other.
  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    var row = Array(0...right.utf8.count)
    for (line, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, other) in right.utf8.enumerated() {
        let substitution = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.utf8.count]
  }
}

import Configuration
import Platform
import Wording

/// A command line that makes no sense.
struct Misuse: Error, Equatable {
  var words: String
}

/// One question, as it goes to the sidecar.
struct AuditQuestion: Equatable {
  var subject: AuditSubject
  /// The id that was asked for; empty where the subject takes none.
  var id = ""
  /// The parameters in order.
  var parameters: [(name: String, value: String)] = []

  static func == (left: Self, right: Self) -> Bool {
    left.subject == right.subject && left.id == right.id && left.target() == right.target()
  }

  /// `task "t-1"`, for a message.
  var words: String {
    switch subject {
    case .deadLetters: "dead letters"
    case .active: "active handoffs"
    default: subject.takesID ? "\(subject.rawValue) \(Printable.quote(id))" : "\(subject.rawValue)"
    }
  }

  /// Path and query, with what a page takes.
  func target(_ further: [(name: String, value: String)] = []) -> String {
    let query = (parameters + further).map { "\($0.name)=\(PercentEncoding.segment($0.value))" }
    return subject.path(id) + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  /// The question that a command line asks.
  static func read(_ loaded: Loaded<AuditSettings>, at now: WallTime) -> Result<AuditQuestion, Misuse> {
    let subjects = AuditSubject.allCases.map(\.rawValue)
    guard let word = loaded.operands.first else {
      return .failure(Misuse(words: "handoffd audit takes one of \(subjects.joined(separator: ", "))"))
    }
    guard let subject = AuditSubject(rawValue: word) else {
      let guess = Spelling.nearest(to: word, among: subjects).map { "; did you mean handoffd audit \($0)?" }
      return .failure(Misuse(words: "handoffd audit knows nothing of \(Printable.quote(word))\(guess ?? "")"))
    }
    let id = loaded.operands.count > 1 ? loaded.operands[1] : nil
    switch (subject.takesID, id) {
    case (true, nil), (true, ""):
      return .failure(Misuse(words: "handoffd audit \(word) takes an id, as in handoffd audit \(word) ID"))
    case (false, let id?):
      let guess = AuditSubject.allCases.first { $0.takesID && $0.rawValue + "s" == word }
        .map { "; did you mean handoffd audit \($0.rawValue) \(Printable.plain(id, limit: 80))?" }
      return .failure(Misuse(words: "handoffd audit \(word) takes no id\(guess ?? "")"))
    default: break
    }
    if let flag = loaded.flags.first(where: {
      HandoffFlags.special.contains($0) && !subject.flags.contains($0)
    }) {
      return .failure(Misuse(words: "handoffd audit \(word) takes no --\(flag)"))
    }
    return .success(
      AuditQuestion(
        subject: subject, id: id ?? "", parameters: parameters(subject, loaded.settings, at: now)))
  }

  private static func parameters(
    _ subject: AuditSubject, _ settings: AuditSettings, at now: WallTime
  ) -> [(name: String, value: String)] {
    switch subject {
    case .handoffs:
      return settings.filters.parameters(at: now) + [("order", settings.order.rawValue)]
    case .summary:
      let window = settings.window.map { [(name: "window", value: DurationText.show($0))] } ?? []
      return window + [("scope", settings.scope.rawValue)]
    case .agents, .agent, .active: return [("scope", settings.scope.rawValue)]
    case .handoff, .task, .conversation, .deadLetters, .alerts: return []
    }
  }
}

/// Which flags belong to questions about handoffs, and which to any subject at all.
enum HandoffFlags {
  static let all = HandoffFilters.flags + ["order", "limit"]
  /// Those that do not mean something for every subject.
  static let special = Set(all + ["window", "scope"])
}

extension HandoffFilters {
  /// What was given as the API takes it: a time ago is a moment there.
  func parameters(at now: WallTime) -> [(name: String, value: String)] {
    given.map { row in (row.parameter, row.isMoment ? Moment.absolute(row.text, at: now) : row.text) }
  }
}

/// Moments as people write them.
enum Moment {
  /// As RFC 3339; a duration counts back from `now`, a date is its first moment.
  static func absolute(_ text: String, at now: WallTime) -> String {
    if let ago = DurationText.parse(text) {
      let (seconds, attoseconds) = ago.components
      let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
      let past = isTooLong ? Int64.max : whole &+ attoseconds / 1_000_000_000_000
      // Nothing is older than the time that computers count from.
      return WallTime(microseconds: max(0, now.microseconds - min(past, now.microseconds))).description
    }
    if text.utf8.count == 10 { return text + "T00:00:00Z" }
    return text.replacing(" ", with: "T")
  }
}

/// What must not stand bare in a URL.
enum PercentEncoding {
  /// A text as one segment of a path, or as a value of a query.
  static func segment(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch UnicodeScalar(byte) {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~":
        encoded.unicodeScalars.append(UnicodeScalar(byte))
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}

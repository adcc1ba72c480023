/// What an alert means, what to look at and what to do: a section of the page of runbooks.
///
/// The page goes with the program, so that whoever is paged reads it at the sidecar that pages.
public struct Runbook: Sendable {
  /// The alert that it is for.
  public let alert: String
  /// The section, its heading included.
  public let text: String

  /// Where a sidecar shows it.
  public var path: String { "/v1/runbooks/\(alert)" }

  /// All there are.
  public static let all: [Runbook] = source.split(separator: "\n## ").dropFirst().map { section in
    // A heading of several sections stands behind the last one before it.
    let text = section.split(separator: "\n\n# ", maxSplits: 1)[0]
    return Runbook(
      alert: String(section.prefix { $0 != "\n" }),
      text: "## \(text.hasSuffix("\n") ? text.dropLast() : text)\n")
  }

  /// The one for an alert, however its name is capitalised.
  public static func named(_ alert: String) -> Runbook? {
    all.first { $0.alert.lowercased() == alert.lowercased() }
  }
}

extension Alert {
  /// The alert as others are told of it: a runbook that is named by its path is the one that the sidecar shows.
  func told(from externalURL: String) -> Alert {
    guard let runbook = annotations["runbook_url"], runbook.hasPrefix("/") else { return self }
    var alert = self
    alert.annotations["runbook_url"] = externalURL + runbook
    return alert
  }
}

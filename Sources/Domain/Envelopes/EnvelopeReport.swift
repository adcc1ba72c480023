import Dialects

/// What a check of an envelope came to.
public struct EnvelopeReport: Sendable {
  /// What it was taken for: `event`, `envelope`, or the name of a dialect.
  public var form: String
  /// What was found, errors and warnings.
  public var findings: [Finding] = []
  /// The sections it has.
  public var sections: [String] = []
  /// The tokens it may use, and uses.
  public var tokens: (budget: Double?, used: Double?, trimmed: Double?) = (nil, nil, nil)
  /// The references it asks for, and those that were resolved.
  public var references: (requested: Double?, resolved: Double?) = (nil, nil)
  /// The checksum it states.
  public var statedChecksum: String?
  /// What the state with it comes to; nil where no state was sent.
  public var computedChecksum: String?
  /// Whether they match; nil where they could not be compared.
  public var isChecksumRight: Bool?
  /// What the stated checksum was found to be taken over.
  public var checksumForm: String?
  /// The time left until its deadline, in seconds.
  public var headroom: Double?
  /// Its hop.
  public var hop: Double?

  init(form: String) { self.form = form }

  /// What keeps it from being sent.
  public var errors: [Finding] { findings.filter { $0.severity == .error } }
  /// What is worth a look.
  public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
  /// Whether it may be sent.
  public var isValid: Bool { errors.isEmpty }
  /// From 1 for nothing found down to 0: an error takes a quarter, a warning a twentieth.
  public var score: Double {
    let hundredths = 100 - 25 * errors.count - 5 * warnings.count
    return Double(max(0, hundredths)) / 100
  }
  /// The sections it should have and has not.
  public var missingSections: [String] { Sections.all.filter { !sections.contains($0) } }
  /// The share of the five sections that it has.
  public var sectionsRatio: Double { Double(sections.count) / Double(Sections.all.count) }
  /// The share of the budget that it uses.
  public var utilization: Double? { Self.share(tokens.used, of: tokens.budget) }
  /// The share of its references that were resolved.
  public var completeness: Double? { Self.share(references.resolved, of: references.requested) }

  private static func share(_ part: Double?, of whole: Double?) -> Double? {
    guard let part, let whole, whole > 0 else { return nil }
    return part / whole
  }
}

// What binds a receiver, and when it is lost on the way: one rule, whatever stands for a constraint.
//
// Senders tell of constraints in three ways, each more exact than the one before: that there is a section of them, a
// hash over all, a hash of each. Only the last tells what was lost from what was added or put into other words; a hash
// over all that is another may be either, and counts as lost, because nobody can show that nothing is missing.

/// What a handoff binds its receiver to, as far as its envelope tells.
///
/// `Whole` stands for all of them together, `Each` holds them one by one.
public struct Constraints<Whole: Equatable & Sendable, Each: SetAlgebra & Sendable>: Sendable {
  /// Whether there is a section of them; nil where the envelope does not name its sections.
  public var hasSection: Bool?
  /// All of them together.
  public var whole: Whole?
  /// Each of them.
  public var each: Each?

  /// Nothing that was told.
  public init(hasSection: Bool? = nil, whole: Whole? = nil, each: Each? = nil) {
    self.hasSection = hasSection
    self.whole = whole
    self.each = each
  }

  /// Whether the envelope told enough to miss something in it.
  public var isTold: Bool { hasSection != nil || whole != nil || each != nil }

  /// Whether there are any.
  public var isBinding: Bool { hasSection == true || whole != nil || each?.isEmpty == false }

  /// How it can be told that something of this is gone in the handoff that follows; nil where nothing can be.
  public func lost(in next: Self) -> ConstraintsLost? {
    guard isBinding, next.isTold else { return nil }
    if let each, let others = next.each {
      return each.subtracting(others).isEmpty ? nil : .constraint
    }
    if hasSection == true, next.hasSection == false { return .section }
    guard let whole else { return nil }
    if let other = next.whole { return other == whole ? nil : .hash }
    return next.hasSection == nil ? nil : .hash
  }
}

/// How constraints that held upstream are gone downstream.
public enum ConstraintsLost: String, CaseIterable, Sendable {
  /// The section is not there any more.
  case section
  /// The hash over all is another, or is not there any more.
  case hash
  /// Some of those that were told one by one are not there any more.
  case constraint
}

/// Constraints as records tell them.
public typealias RecordConstraints = Constraints<String, Set<String>>

extension HandoffRecord {
  /// What the record says of constraints.
  public var constraints: RecordConstraints {
    RecordConstraints(
      hasSection: texts(of: .envelopeSections).map { $0.contains("constraints") },
      whole: text(of: .envelopeConstraintsHash), each: texts(of: .envelopeConstraintHashes))
  }

  /// The texts of a list; nil where none is told.
  private func texts(of fact: FactID) -> Set<String>? {
    guard let json = text(of: fact) else { return nil }
    // The decoder has let only an array of strings pass; names without escapes are all that matter here.
    return Set(json.matches(of: /"([^"\\]*)"/).map { String($0.output.1) })
  }
}

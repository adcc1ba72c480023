extension HandoffRecord {
  /// The value in force: a string's UTF-8, or JSON.
  public func value(of id: FactID) -> ArraySlice<UInt8>? {
    for fact in facts where fact.id == id { return storage[fact.value] }
    return nil
  }

  /// How the value in force is written.
  public func form(of id: FactID) -> FactForm? {
    facts.first { $0.id == id }?.form
  }

  /// The value in force, as text; JSON stays JSON.
  public func text(of id: FactID) -> String? {
    value(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The value in force, if it is a whole number.
  public func integer(of id: FactID) -> Int64? {
    guard let digits = text(of: id) else { return nil }
    return Int64(digits) ?? Double(digits).flatMap { Int64(exactly: $0) }
  }

  /// The value in force, if it is a number.
  public func number(of id: FactID) -> Double? {
    text(of: id).flatMap(Double.init)
  }

  /// Resolved over requested references; nil where none was requested.
  public var completeness: Double? {
    guard let requested = number(of: .memoryRequested), requested > 0,
      let resolved = number(of: .memoryResolved)
    else { return nil }
    return resolved / requested
  }

  /// Tokens used over the budget; nil without one.
  public var tokenUtilization: Double? {
    guard let budget = number(of: .tokensBudget), budget > 0, let used = number(of: .tokensUsed) else {
      return nil
    }
    return used / budget
  }

  /// By which door the first of its events came in.
  public var source: EventSource? { events.first?.source }

  /// Whether nothing of this was reported: every event was concluded from something else.
  public var isInferred: Bool { !events.isEmpty && events.allSatisfy(\.isInferred) }

  /// Whether the event type has been seen.
  public func hasSeen(_ type: EventType) -> Bool {
    events.contains { $0.type == type }
  }
}

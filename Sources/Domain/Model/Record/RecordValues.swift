extension HandoffRecord {
  /// The value in force: a string's UTF-8, or JSON.
  public func value(of id: FactID) -> ArraySlice<UInt8>? {
    let index = place(of: id)
    return index < facts.count && facts[index].id == id ? storage[facts[index].value] : nil
  }

  /// Lends the value in force and how it is written; false where there is none.
  public func withValue(of id: FactID, _ body: (FactForm, Span<UInt8>) -> Void) -> Bool {
    let index = place(of: id)
    guard index < facts.count, facts[index].id == id else { return false }
    body(facts[index].form, storage.span.extracting(facts[index].value))
    return true
  }

  /// Where the value in force stands in the record's bytes; it stays there while more is merged.
  public func range(of id: FactID) -> Range<Int>? {
    let index = place(of: id)
    return index < facts.count && facts[index].id == id ? facts[index].value : nil
  }

  /// How the value in force is written.
  public func form(of id: FactID) -> FactForm? {
    let index = place(of: id)
    return index < facts.count && facts[index].id == id ? facts[index].form : nil
  }

  /// When the event occurred that brought the value in force.
  public func moment(of id: FactID) -> Timestamp? {
    let index = place(of: id)
    return index < facts.count && facts[index].id == id ? events[facts[index].owner].occurredAt : nil
  }

  /// The value in force, as text; JSON stays JSON.
  public func text(of id: FactID) -> String? {
    value(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The value in force, if it is a whole number.
  public func integer(of id: FactID) -> Int64? {
    guard let digits = value(of: id) else { return nil }
    if let short = digits.shortWholeNumber { return short }
    let text = String(decoding: digits, as: UTF8.self)
    return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
  }

  /// The value in force, if it is a number.
  public func number(of id: FactID) -> Double? {
    guard let digits = value(of: id) else { return nil }
    return digits.shortWholeNumber.map(Double.init) ?? Double(String(decoding: digits, as: UTF8.self))
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

  /// The size of the envelope over what it was before it was packed; nil where one of them is not known.
  public var compressionRatio: Double? {
    guard let raw = number(of: .envelopeRawBytes), raw > 0, let packed = number(of: .envelopeBytes) else {
      return nil
    }
    return packed / raw
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

extension ArraySlice<UInt8> {
  /// The number that up to fifteen digits and nothing else make; numbers are nearly always such, and every
  /// one of these has a place among the doubles.
  fileprivate var shortWholeNumber: Int64? {
    guard !isEmpty, count <= 15 else { return nil }
    var number: Int64 = 0
    for digit in self {
      guard (48...57).contains(digit) else { return nil }
      number = number &* 10 &+ Int64(digit &- 48)
    }
    return number
  }
}

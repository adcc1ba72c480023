import Model

/// The event behind something that happened, and the error it told of.
public struct Cause: Equatable, Sendable {
  /// The id of the event.
  public var eventID: String?
  /// Whether the error may pass when tried again, in the sender's word.
  public var errorClass: String?
  /// What kind of error it was.
  public var errorType: String?
  /// The error in words, cut.
  public var errorMessage: String?
  /// What would help, cut.
  public var errorHint: String?

  /// The most bytes of each that are kept.
  static let longest = 512

  /// A cause of which nothing is known.
  public init() {}

  init(_ event: borrowing EventView) {
    eventID = Self.text(.eventID, of: event)
    errorClass = Self.text(.errorClass, of: event)
    errorType = Self.text(.errorType, of: event)
    errorMessage = Self.text(.errorMessage, of: event)
    errorHint = Self.text(.errorHint, of: event)
  }

  private static func text(_ id: FactID, of event: borrowing EventView) -> String? {
    event.text(id).map { String(decoding: $0.prefix(longest), as: UTF8.self) }
  }
}

/// Where the event being folded stands, for what may have to be told of it.
struct Occasion: Sendable {
  private let bytes: [UInt8]
  private let id: Range<Int>?

  init(_ event: borrowing EventView) {
    bytes = event.bytes
    id = event.piece(.eventID)?.range
  }

  /// The id of the event.
  var eventID: String? {
    id.map { String(decoding: bytes[$0].prefix(Cause.longest), as: UTF8.self) }
  }
}

extension Analytics {
  /// What is known of why something happens now: of the target's last error only what came with this very event,
  /// or what stands when nobody but time is to blame.
  func cause(target: AgentRef) -> Cause? {
    let last = agents.place(of: target).flatMap { agents.causes[$0] }
    guard let occasion else { return last }
    guard let last, last.eventID == occasion.eventID else {
      var cause = Cause()
      cause.eventID = occasion.eventID
      return cause
    }
    return last
  }
}

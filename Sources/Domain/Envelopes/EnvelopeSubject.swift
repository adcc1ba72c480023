public import Bytes
public import Dialects
import Model

/// What is to be checked: an event, an envelope by itself, or a message that means an event.
public struct EnvelopeSubject: Sendable {
  /// What it was taken for: `event`, `envelope`, or the name of a dialect.
  public let form: String
  /// As it was sent.
  let message: JSONPlace
  /// The event that it is or means; nil for an envelope by itself.
  let event: JSONPlace?
  /// The envelope; an empty object where the event has none.
  let envelope: JSONPlace
  /// Why a message means no event.
  let fault: MessageFault?
  private let foreign: ForeignEvent?

  /// Takes what was sent for what its fields say it is; nil unless it is an object.
  public init?(_ value: JSONValue, dialect: Dialect? = nil) {
    guard case .object = value else { return nil }
    message = JSONPlace(value)
    let isEvent =
      value["type"]?.text.flatMap { EventType(name: $0) } != nil || value["envelope"]?.object != nil
    let spoken = isEvent ? nil : dialect ?? Dialect.of(value)
    if let spoken {
      let told = Result { () throws(MessageFault) in try spoken.events(of: value) }
      let events = (try? told.get()) ?? []
      foreign = events.first { $0.object["type"]?.text == EventType.initiated.name } ?? events.first
      fault = if case .failure(let fault) = told { fault } else { nil }
      form = spoken.rawValue
      event = foreign.map { JSONPlace(.object($0.object)) }
    } else {
      (foreign, fault) = (nil, nil)
      let isEvent = isEvent || value["type"] != nil || value["handoff_id"] != nil
      form = isEvent ? "event" : "envelope"
      event = isEvent ? message : nil
    }
    let inner = event.map { $0["envelope"] ?? JSONPlace(.object([:]), at: "/envelope") }
    envelope = inner ?? message
  }

  /// Whether it is a message that means an event, so that the facts of that event stand elsewhere.
  var isForeign: Bool { foreign != nil }

  /// Where in what was sent a fact of the event stands.
  func origin(of pointer: String) -> String { foreign?.origin(of: pointer) ?? pointer }

  /// A fact of the envelope, or of the event around it.
  func fact(_ path: String) -> JSONPlace? { envelope.at(path) ?? event?.at(path) }

  /// The type of the event; an envelope by itself is about to be sent.
  var type: EventType? {
    guard let event else { return .initiated }
    return event["type"]?.text.flatMap { EventType(name: $0) }
  }

  /// Whether an envelope belongs to it: then it is checked as one.
  public var carriesEnvelope: Bool {
    switch type {
    case .prepared, .initiated, .replayed, .rerouted, nil: true
    default: !envelope.value.isEmpty
    }
  }
}

extension EnvelopeSubject {
  /// To whom it is to be sent.
  public var target: String? { fact("to_agent")?.text }
  /// Who sends it.
  public var sender: String? { fact("from_agent")?.text }
  /// The task it belongs to.
  public var task: String? { fact("task_id")?.text }
  /// The handoffs it says it follows, the most likely first.
  public var predecessors: [String] {
    [fact("previous"), fact("parent_handoff_id")].compactMap { $0?.text }.filter { !$0.isEmpty }
  }
}

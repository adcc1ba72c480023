// Events are exported as they lie in the answer of the database: nothing of them is copied or decoded before it is
// written, because of most of them nothing is wanted but the bytes of the body.
public import Model
import Platform
import Postgres

/// Some events, in their order, where the database left them.
public struct ExportedEvents: Sendable {
  private let rows: Rows?
  private let places: [Int]

  /// The rows at some places, whose first columns are those of `ExportedEvent`.
  init(_ rows: Rows?, at places: [Int]) {
    self.rows = rows
    self.places = places
  }

  /// No events.
  static let none = Self(nil, at: [])

  /// All rows of an answer, whose first columns are those of `ExportedEvent`.
  init(_ rows: Rows) { self.init(rows, at: Array(0..<rows.count)) }

  /// How many there are.
  public var count: Int { places.count }

  /// The bytes of all bodies.
  var bodyBytes: Int {
    var sum = 0
    for row in places { _ = rows?.withBytes(row, ExportedEvent.Text.body.rawValue) { sum += $0.count } }
    return sum
  }

  /// Goes through them.
  public func forEach(_ body: (ExportedEvent) throws(StoreError) -> Void) throws(StoreError) {
    guard let rows else { return }
    for row in places { try body(ExportedEvent(rows: rows, row: row)) }
  }
}

/// An event with what identifies it, for an export.
public struct ExportedEvent {
  /// What of it is text.
  public enum Text: Int, Sendable {
    /// Whose event it is; none for one about an agent, a task or a conversation.
    case handoffID = 0
    /// Its identity among the events about the same.
    case eventID = 1
    /// What it says happened.
    case type = 2
    /// The JSON as sent, redacted.
    case body = 4
    /// Which sidecar received it; none where that is not known any more.
    case instance = 6
  }

  /// What of it is a moment.
  public enum Moment: Int, Sendable {
    /// When what it says happened.
    case occurredAt = 3
    /// When a sidecar received it.
    case receivedAt = 5
  }

  fileprivate let rows: Rows
  fileprivate let row: Int

  /// Lends a text; false where there is none.
  public func with(_ text: Text, _ body: (Span<UInt8>) -> Void) -> Bool {
    rows.withBytes(row, text.rawValue, body)
  }

  /// A moment.
  public func moment(_ moment: Moment) throws(StoreError) -> Timestamp {
    do throws(PostgresError) {
      return try rows.moment(row, moment.rawValue)
    } catch {
      throw StoreError("read an event", error)
    }
  }
}

/// A page of events.
public struct EventPage<Position: Sendable>: Sendable {
  /// The events.
  public var events = ExportedEvents.none
  /// Where the next page begins; nil where this is the last.
  public var next: Position?
}

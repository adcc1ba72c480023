/// The way back for one request: used once, from any thread.
///
/// Dropped unused, it answers 500, so that no client waits for ever.
public final class Reply: Sendable {
  private let connection: Connection
  private let ticket: UInt64

  init(connection: Connection, ticket: UInt64) {
    self.connection = connection
    self.ticket = ticket
  }

  /// Answers.
  ///
  /// A second answer, or one that comes after the time for it, is ignored and counted.
  public func send(_ response: Response) { connection.answer(response, ticket: ticket) }

  deinit { connection.abandon(ticket: ticket) }
}

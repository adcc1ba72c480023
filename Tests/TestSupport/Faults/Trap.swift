extension FaultProxy {
  /// What is done when a statement goes by.
  public struct Trap: Sendable {
    /// A moment in the life of a statement.
    public enum Moment: Sendable {
      /// The client has sent it, and the server has not got it.
      case sent
      /// The server has committed its transaction, and the client has not heard.
      case committed
    }

    /// A part of the statement.
    let text: String
    let moment: Moment
    /// Done on the lane of the connection, which waits for it.
    let action: @Sendable () -> Void

    /// Whether a message of the connection, which has sent the statement, is the one that it waits for.
    func isDue(at message: MessageFramer.Passed) -> Bool { moment == .sent || message.commits }
  }
}

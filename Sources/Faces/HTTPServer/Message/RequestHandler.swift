/// The other side of the server: what is done with requests.
///
/// All of it is called on the library's threads, each of which serves thousands of connections. So nothing here may
/// block.
public protocol RequestHandler: Sendable {
  /// Judges a head before any of its body is read: rights, routing, and how much body there may be.
  func admit(_ head: RequestHead) -> Admission
  /// Takes a whole request. The reply may be sent before this returns, or later from any thread; a reply that is
  /// dropped unsent answers 500.
  func handle(_ request: Request, _ reply: Reply)
  /// Learns that an exchange is over, whoever answered it.
  func finished(_ summary: ExchangeSummary)
}

extension RequestHandler {
  /// Does nothing.
  public func finished(_ summary: ExchangeSummary) {}
}

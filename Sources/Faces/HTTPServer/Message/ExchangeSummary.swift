/// One request and its answer, when both are over.
public struct ExchangeSummary: Sendable {
  /// The route, where one was found.
  public let pattern: RoutePattern?
  /// The status that was answered; absent where the connection ended without an answer.
  public let status: Int?
  /// From the whole head to the last byte of the answer.
  public let duration: Duration
  /// Bytes of body that came.
  public let bodyBytes: Int
}

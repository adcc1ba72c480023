/// What a server answered.
public struct HTTPAnswer: Sendable {
  /// The status code.
  public var status: Int
  /// The header lines, names in lower case, in order.
  public var headers: [(name: String, value: String)]
  /// The body, unchunked.
  public var body: [UInt8]

  /// The first header called `name`.
  public subscript(name: String) -> String? {
    headers.first { $0.name == name.lowercased() }?.value
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

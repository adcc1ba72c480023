/// A way to treat a server badly: what is sent on a connection of its own, and how that is left.
public struct Abuse: Sendable {
  /// How a connection is left.
  public enum Ending: Sendable {
    /// It stays open, and nothing more comes.
    case silence
    /// It is closed.
    case hangUp
    /// It is aborted.
    case reset
  }

  /// What is sent, piece by piece; the server may close in between.
  public let pieces: [[UInt8]]
  /// What follows.
  public let ending: Ending

  /// An abuse by its bytes.
  public init(_ pieces: [[UInt8]], then ending: Ending = .silence) {
    self.pieces = pieces
    self.ending = ending
  }

  private init(_ text: String, then ending: Ending = .silence) {
    self.init([Array(text.utf8)], then: ending)
  }

  /// All kinds, against a server that answers GET at `get` and POST at `post`.
  public static func all(get: String, post: String) -> [Abuse] {
    let host = "HTTP/1.1\r\nHost: a\r\n"
    return heads(get, host) + bodies("POST \(post) \(host)Content-Type: application/json\r\n")
  }

  private static func heads(_ get: String, _ host: String) -> [Abuse] {
    [
      Abuse(""),
      Abuse("GET \(get) HTTP/1.1\r\nX"),
      Abuse("GET \(get) HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 20_000)),
      Abuse("GET \(get) HTTP/1.1\r\nA: " + String(repeating: "b", count: 300_000)),
      Abuse("GET /" + String(repeating: "b", count: 300_000)),
      Abuse("GET \(get)%00 HTTP/1.1\r\nHost: a\u{0}\r\n\r\n"),
      Abuse("GET \(String(repeating: "/..%2f", count: 3_000)) \(host)\r\n"),
      Abuse([(0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }]),
    ]
  }

  private static func bodies(_ post: String) -> [Abuse] {
    let chunk = Array("20000\r\n\(String(repeating: "x", count: 131_072))\r\n".utf8)
    return [
      Abuse("\(post)Content-Length: 100000\r\n\r\nx"),
      Abuse("\(post)Content-Length: 99999999999\r\n\r\nxxxx"),
      Abuse(
        [Array("\(post)Transfer-Encoding: chunked\r\n\r\n".utf8)] + Array(repeating: chunk, count: 40)),
      Abuse("\(post)Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x"),
      Abuse("\(post)Content-Length: 2\r\n\r\nhi", then: .hangUp),
      Abuse("\(post)Content-Length: 2\r\n\r\nhi", then: .reset),
      Abuse(
        "\(post)Content-Length: 200000\r\n\r\n\(String(repeating: "x", count: 100_000))", then: .hangUp),
      Abuse("\(post)Expect: 100-continue\r\nContent-Length: 500000\r\n\r\n"),
    ]
  }

  /// Plays it; the connection, which is to be kept for as long as it shall last, where it is not over already.
  public func play(on endpoint: Endpoint) throws -> Socket? {
    let socket = try Socket.connect(to: endpoint)
    for piece in pieces where !socket.send(piece) { break }
    switch ending {
    case .silence: return socket
    case .hangUp: return nil
    case .reset:
      socket.abortOnClose()
      return nil
    }
  }
}

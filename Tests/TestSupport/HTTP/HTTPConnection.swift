import Platform

/// A plain HTTP/1.1 client on one connection that stays open; shares no code with what is tested.
public final class HTTPConnection: Sendable {
  private let socket: Socket
  private let host: String
  private let reader: Guarded<AnswerReader>

  /// Connects.
  public init(_ endpoint: Endpoint) throws {
    socket = try Socket.connect(to: endpoint)
    host = endpoint.description
    reader = Guarded(AnswerReader(socket))
  }

  /// Sends a request and waits for its answer.
  public func send(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
    within limit: Duration = .seconds(20)
  ) throws -> HTTPAnswer {
    let deadline = SystemTime().now() + limit * Sanitizer.slowness
    var lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)"] + headers.map { "\($0.0): \($0.1)" }
    if let body { lines.append("Content-Length: \(body.count)") }
    let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    socket.send(head + (body ?? []))
    return try reader.withLock { try $0.next(isHead: method == "HEAD", until: deadline) }
  }

  /// Gets `target`.
  public func get(_ target: String, within limit: Duration = .seconds(20)) throws -> HTTPAnswer {
    try send("GET", target, within: limit)
  }

  /// Posts `body` to `target`.
  public func post(
    _ target: String, _ body: String, type: String = "application/json", within limit: Duration = .seconds(20)
  ) throws -> HTTPAnswer {
    try send("POST", target, headers: [("Content-Type", type)], body: Array(body.utf8), within: limit)
  }

  /// Ends the connection.
  public func close() {
    socket.shutDown()
  }
}

/// HTTP as bytes: for requests that no client would send.
public enum RawHTTP {
  /// Sends `bytes` as they are, and reads until the server closes or `limit` is over.
  public static func exchange(
    _ endpoint: Endpoint, _ bytes: some Collection<UInt8>, finishes: Bool = false,
    within limit: Duration = .seconds(10)
  ) throws -> [UInt8] {
    let socket = try Socket.connect(to: endpoint)
    socket.send(bytes)
    if finishes { socket.finishSending() }
    let deadline = SystemTime().now() + limit * Sanitizer.slowness
    var whole: [UInt8] = []
    while let piece = socket.receive(until: deadline), !piece.isEmpty { whole += piece }
    return whole
  }

  /// Sends `text` as it is, and reads the first answer.
  public static func answer(
    _ endpoint: Endpoint, _ text: String, within limit: Duration = .seconds(10)
  ) throws -> HTTPAnswer {
    try answer(endpoint, Array(text.utf8), within: limit)
  }

  /// Sends `bytes` as they are, and reads the first answer.
  public static func answer(
    _ endpoint: Endpoint, _ bytes: [UInt8], within limit: Duration = .seconds(10)
  ) throws -> HTTPAnswer {
    let socket = try Socket.connect(to: endpoint)
    socket.send(bytes)
    var reader = AnswerReader(socket)
    return try reader.next(until: SystemTime().now() + limit * Sanitizer.slowness)
  }
}

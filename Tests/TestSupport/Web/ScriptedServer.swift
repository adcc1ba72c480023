// A server that answers by a script, for tests of clients: one connection at a time, bytes as the script has them.
import Platform
import Synchronization

/// Answers each request of one client as a test says.
public final class ScriptedServer: Sendable {
  /// What came in.
  public struct Request: Sendable {
    /// Request line and header fields as sent.
    public var head: String
    /// The body.
    public var body: [UInt8]
  }

  /// Answers a request on its connection; false closes the connection, with a reset if it was told to abort.
  public typealias Script = @Sendable (Request, Socket) -> Bool

  /// The port of 127.0.0.1 where it listens.
  public let port: UInt16

  private let socket: Socket
  private let seen = Guarded<[Request]>([])
  private let open = Guarded<Socket?>(nil)
  private let lane = Guarded<Lane?>(nil)

  /// Listens on a free port.
  public init(_ script: @escaping Script) throws {
    socket = try Socket.listen()
    port = try socket.port()
    let started = try Lane(name: "scripted") { [weak self, socket] in
      while let connection = socket.accept() { self?.serve(connection, script) }
    }
    lane.withLock { $0 = started }
  }

  /// Answers the requests with these texts, one after the other; the last one again and again.
  public convenience init(answers: [String]) throws {
    let next = Atomic(0)
    try self.init { _, connection in
      let index = min(next.add(1, ordering: .relaxed).oldValue, answers.count - 1)
      return connection.send(answers[index].utf8)
    }
  }

  /// A whole answer with a length.
  public static func answer(_ status: String, _ body: String = "", headers: [String] = []) -> String {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// `http://127.0.0.1:port`.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// What has come so far.
  public var requests: [Request] { seen.withLock { $0 } }

  /// Ends it; connections are cut.
  public func stop() {
    socket.shutDown()
    open.withLock { $0 }?.shutDown()
    lane.withLock { $0 }?.join()
  }

  private func serve(_ connection: Socket, _ script: Script) {
    open.withLock { $0 = connection }
    defer { open.withLock { $0 = nil } }
    var buffer: [UInt8] = []
    while let request = Self.next(connection, &buffer) {
      seen.withLock { $0.append(request) }
      // Nobody else keeps the connection, so it is closed with this; to end it in order first would spoil a reset.
      guard script(request, connection) else { return }
    }
  }

  /// Reads a head, and a body of the length that it tells.
  private static func next(_ connection: Socket, _ buffer: inout [UInt8]) -> Request? {
    while true {
      if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        let length = length(head)
        if buffer.count >= end.upperBound + length {
          let body = Array(buffer[end.upperBound..<(end.upperBound + length)])
          buffer.removeFirst(end.upperBound + length)
          return Request(head: head, body: body)
        }
      }
      guard let piece = connection.receive(), !piece.isEmpty else { return nil }
      buffer += piece
    }
  }

  private static func length(_ head: String) -> Int {
    let lines = head.lowercased().split(separator: "\r\n")
    let field = lines.first { $0.hasPrefix("content-length: ") }
    return field.flatMap { Int($0.dropFirst(16)) } ?? 0
  }
}

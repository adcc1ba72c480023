import Glibc
public import Platform

/// A client that says exactly what it is told, byte for byte, and waits no longer than it is told.
///
/// For hostile requests, which no HTTP client would send.
public final class Wire {
  /// One answer.
  public struct Answer: Sendable {
    /// The status code.
    public let status: Int
    /// Status line and fields, as they came.
    public let head: String
    /// The body.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Whether the fields hold that line, letters of either case being equal.
    public func has(_ line: String) -> Bool { head.lowercased().contains("\r\n\(line.lowercased())\r\n") }
  }

  /// How a stream of answers ended.
  public enum End: Sendable {
    case closed
    case reset
    case timedOut
  }

  private let socket: Socket
  private var parser = ResponseParser()
  /// How the stream ended, once it has.
  public private(set) var end: End?

  /// Connects to `address`, numeric `host:port`.
  ///
  /// A small receive buffer makes a slow reader.
  public init(to address: String, receiveBuffer: Int32? = nil) throws(SystemError) {
    socket = try Socket(to: address)
    if let receiveBuffer { socket.set(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
  }

  /// Sends `text`; false when the other side takes no more.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends `bytes`; false when the other side takes no more.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe Glibc.send(socket.number, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Says that no more will be sent.
  public func finishSending() { shutdown(socket.number, Int32(SHUT_WR)) }

  /// The next answer, or nil: then `end` says why, unless there was one that is no answer.
  public func receive(within limit: Duration = .seconds(10), isHead: Bool = false) -> Answer? {
    let time = SystemTime()
    let deadline = time.now() + limit
    while true {
      if let (status, head, body) = parser.next(isHead: isHead) {
        return Answer(status: status, head: String(decoding: head, as: UTF8.self), body: Array(body))
      }
      guard end == nil || end == .timedOut, fill(deadline - time.now()) else { return nil }
    }
  }

  /// Reads to the end of the stream and tells how it ended.
  public func drain(within limit: Duration = .seconds(10)) -> End {
    let time = SystemTime()
    let deadline = time.now() + limit
    while fill(deadline - time.now()) {}
    return end ?? .timedOut
  }

  /// Everything that came and was no whole answer.
  public var rest: String { String(decoding: parser.pending, as: UTF8.self) }

  /// Closes the socket.
  public func close() { socket.close() }

  /// Ends the connection with a reset, as a crash does.
  public func reset() {
    socket.set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    socket.close()
  }

  private func fill(_ wait: Duration) -> Bool {
    var descriptor = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
    let milliseconds = max(0, wait.clampedNanoseconds / 1_000_000 + 1)
    guard unsafe poll(&descriptor, 1, Int32(clamping: milliseconds)) > 0 else {
      end = .timedOut
      return false
    }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe recv(socket.number, &buffer, buffer.count, 0)
    guard count > 0 else {
      end = count == 0 ? .closed : .reset
      return false
    }
    unsafe buffer.prefix(count).withUnsafeBytes { unsafe parser.append($0) }
    return true
  }
}

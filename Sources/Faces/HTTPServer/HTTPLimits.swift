import Platform

/// Every bound the server keeps, so that no client can make it wait or grow for ever.
public struct HTTPLimits: Sendable {
  /// Threads that serve; each serves thousands of connections.
  public var threads = 2
  /// Connections served; the ones above get 503 and are closed.
  ///
  /// Lowered where the system allows fewer files.
  public var connections = 10_000
  /// Files left for everything else in the process.
  public var reservedFiles = 64
  /// Memory of one connection: its head must fit, and a body comes in pieces of this size.
  ///
  /// The library clears all of it after each request, so every connection in use takes as much: a thousand take 64 MB,
  /// and with four times the memory 256 MB. So it is little more than what the limits below let through, and what is
  /// larger still the library refuses in words of its own.
  public var connectionMemory = 64 << 10
  /// Bytes of a request's target.
  public var targetBytes = 16 << 10
  /// Bytes of header fields in one request.
  public var headBytes = 32 << 10
  /// Header fields in one request.
  public var headFields = 100
  /// Body bytes in memory over all requests.
  public var bytesInFlight = 128 << 20
  /// Body bytes that are read and thrown away after a refusal, so that the client gets to see it.
  public var discardedBytes = 1 << 20
  /// How long a head may take, from its connection or from the end of its request line.
  public var head = Duration.seconds(10)
  /// How long a connection may wait for its next request.
  public var idle = Duration.seconds(60)
  /// How long a body may be slower than `bodyBytesPerSecond`.
  public var bodyGrace = Duration.seconds(10)
  /// The average below which a body is too slow.
  public var bodyBytesPerSecond = 1 << 10
  /// How long a body may take at all.
  public var body = Duration.seconds(300)
  /// How long a handler may take to reply before the client is told to try again.
  public var answer = Duration.seconds(10)
  /// How long the client may take to read its answer.
  public var sending = Duration.seconds(30)
  /// How often deadlines are looked at.
  public var reaping = Duration.milliseconds(100)
  /// What a client that finds no room is told to wait.
  public var retryAfter = Duration.seconds(1)

  /// The defaults.
  public init() {}

  var retryAfterSeconds: Int { max(1, Int(clamping: retryAfter.components.seconds)) }

  /// Connections the library may have, given how many files may be open: above the number that is served, so that
  /// those beyond get an answer instead of silence.
  func accepted(openFiles: Int) -> Int {
    let room = max(8, openFiles - reservedFiles)
    return min(room, connections + max(4, connections / 10))
  }

  /// Connections that are served, given how many the library may have.
  func served(accepted: Int) -> Int {
    min(connections, max(1, accepted - max(4, accepted / 11)))
  }
}

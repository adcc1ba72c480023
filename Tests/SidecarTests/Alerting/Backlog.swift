import Decoding
import Model
import Platform
import Spool
import TestSupport

/// What a sidecar leaves behind that was killed ten minutes ago, and whose database has been away since before.
enum Backlog {
  /// Bytes of the spool that it was.
  static let capacity = 4 << 20
  private static let age: Int64 = 600_000_000
  /// Past the tier of 80 %, and before senders are slowed down.
  private static let fill = 0.82

  /// The machine's clock as it was then.
  private struct Then: TimeSource {
    func now() -> MonotonicInstant { SystemTime().now() }
    func wall() -> WallTime { WallTime(microseconds: SystemTime().wall().microseconds - age) }
  }

  /// Leaves events, a line each, in a data directory.
  static func leave(_ lines: [String], in dataDirectory: String) throws {
    let spool = try spool(in: dataDirectory)
    defer { spool.close() }
    try append(lines, to: spool)
  }

  /// Leaves a log that is nearly full.
  static func fill(_ dataDirectory: String) throws {
    let text = String(repeating: "a long story ", count: 1_000)
    let line =
      #"{"type":"agent.health","agent":"calm","health":{"status":"healthy"},"meta":{"text":"\#(text)"}}"#
    let spool = try spool(in: dataDirectory)
    defer { spool.close() }
    while Double(spool.status().bytes) < fill * Double(capacity) { try append([line], to: spool) }
  }

  private static func spool(in dataDirectory: String) throws -> Spool {
    try Directory.create(dataDirectory, mode: 0o700)
    return try Spool.open(
      directory: dataDirectory + "/spool", limits: SpoolLimits(capacityBytes: capacity), time: Then(),
      log: .silent)
  }

  private static func append(_ lines: [String], to spool: Spool) throws {
    let receivedAt = Timestamp(microseconds: Then().wall().microseconds)
    var decoder = Decoder(settings: DecodingSettings())
    let batch = try decoder.decode(
      Array(lines.joined(separator: "\n").utf8), contentType: "application/x-ndjson", receivedAt: receivedAt)
    let written = Guarded<Bool?>(nil)
    spool.append(
      kind: 1, payload: batch.payload.payload(receivedAt: receivedAt, from: "test"), events: lines.count
    ) { result in
      let isWritten = (try? result.get()) != nil
      written.withLock { $0 = isWritten }
    }
    guard try eventually("a record", { written.withLock { $0 } }) else {
      throw TestFailure("the spool refused a record at \(spool.status().bytes) bytes")
    }
  }
}

// The server writes its log straight into a file, so that it goes on while no sidecar runs. The sidecar follows the
// file: it keeps it small, and brings what is fatal to its own log. When it has grown beyond its limit it is copied to
// `<name>.1` and emptied; the server appends, so it goes on at the new start. A line written in that instant may be lost.
import Platform

/// Follows and bounds the server's log.
struct ServerLog {
  private let path: String
  private let limit: Int64
  private var offset: Int64 = 0
  private var rest: [UInt8] = []
  /// The last complaint that ended a server or a session.
  private(set) var lastFatal: String?

  /// At one look this much is read; a server that writes faster than that says little that is new.
  private static let piece = 256 << 10
  private static let longestLine = 4_096

  /// Follows the file from its present end.
  init(_ path: String, limit: Int64 = 8 << 20) {
    self.path = path
    self.limit = limit
    offset = (try? FileStatus.of(path))?.size ?? 0
  }

  /// Takes what is new, and gives what someone should know.
  mutating func follow() -> [String] {
    guard let file = try? FileDescriptor.open(path, [.read, .write, .noFollow]), let size = try? file.size()
    else { return [] }
    if size < offset { offset = 0 }
    if size - offset > Int64(Self.piece) { offset = size - Int64(Self.piece) }
    let bytes = (try? file.read(count: Int(size - offset), at: offset)) ?? []
    offset += Int64(bytes.count)
    if size > limit { turn(file) }
    return lines(bytes).compactMap { line in
      guard let complaint = Self.complaint(line) else { return nil }
      lastFatal = complaint
      return Self.isExpected(complaint) ? nil : complaint
    }
  }

  /// Forgets the last complaint, before a new server.
  mutating func startAnew() {
    _ = follow()
    lastFatal = nil
  }

  private mutating func lines(_ bytes: [UInt8]) -> [String] {
    var pieces = (rest + bytes).split(separator: 10, omittingEmptySubsequences: false)
    rest = Array((pieces.popLast() ?? []).suffix(Self.longestLine))
    return pieces.map { String(decoding: $0.prefix(Self.longestLine), as: UTF8.self) }
  }

  private mutating func turn(_ file: FileDescriptor) {
    guard let old = try? FileDescriptor.open(path + ".1", [.write, .create, .truncate, .noFollow]) else {
      return
    }
    var at: Int64 = 0
    while let bytes = try? file.read(count: Self.piece, at: at), !bytes.isEmpty {
      guard (try? old.write(all: bytes)) != nil else { break }
      at += Int64(bytes.count)
    }
    if (try? file.truncate(to: 0)) != nil { offset = 0 }
  }

  /// What stands behind `FATAL:` or `PANIC:`, or what a program says before it has its settings.
  static func complaint(_ line: String) -> String? {
    for mark in ["FATAL:  ", "PANIC:  "] {
      if let range = line.firstRange(of: mark) { return String(line[range.upperBound...]) }
    }
    return line.hasPrefix("postgres: ") ? String(line.dropFirst("postgres: ".count)) : nil
  }

  /// What is said in the course of things: while it starts, stops, or ends sessions because it was told to.
  static func isExpected(_ complaint: String) -> Bool {
    [
      "the database system is ", "terminating connection due to administrator command",
      "terminating background worker", "terminating autovacuum process", "terminating logical replication",
    ].contains { complaint.hasPrefix($0) }
  }
}

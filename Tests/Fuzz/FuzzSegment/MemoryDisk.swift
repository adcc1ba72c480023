import Platform
import Spool

/// A disk in memory that never fails; what is on it is the fuzzer's.
final class MemoryDisk: Disk {
  final class File: DiskFile {
    let bytes: Guarded<[UInt8]>

    init(_ bytes: [UInt8]) { self.bytes = Guarded(bytes) }

    func size() throws(SystemError) -> Int { bytes.withLock { $0.count } }

    func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
      bytes.withLock { Array($0.dropFirst(offset).prefix(count)) }
    }

    func write(_ new: [UInt8], at offset: Int) throws(SystemError) {
      bytes.withLock { bytes in
        if bytes.count < offset + new.count {
          bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
        }
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
      }
    }

    func sync() throws(SystemError) {}

    func allocate(_ size: Int) throws(SystemError) { try truncate(to: size) }

    func isNamed() throws(SystemError) -> Bool { true }

    func truncate(to size: Int) throws(SystemError) {
      bytes.withLock { bytes in
        bytes = Array(bytes.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - bytes.count))
      }
    }
  }

  private let files: Guarded<[String: File]>

  init(_ content: [String: [UInt8]] = [:]) { files = Guarded(content.mapValues { File($0) }) }

  /// Everything but the quarantine.
  var segments: [String: [UInt8]] {
    files.withLock { $0 }.filter { $0.key.hasSuffix(".seg") }.mapValues { $0.bytes.withLock { $0 } }
  }

  func secure(_ directory: String) throws(SpoolError) -> [String] { [] }

  func lock(_ directory: String) throws(SpoolError) -> any Sendable { 0 }

  func list(_ directory: String) throws(SystemError) -> [String] {
    files.withLock { $0.keys }.filter { $0.hasPrefix(directory + "/") }
      .map { String($0.dropFirst(directory.utf8.count + 1)) }.filter { !$0.utf8.contains(47) }.sorted()
  }

  func open(_ path: String) throws(SystemError) -> any DiskFile {
    guard let file = files.withLock({ $0[path] }) else {
      throw SystemError(call: "open", subject: path, errno: 2)
    }
    return file
  }

  func create(_ path: String) throws(SystemError) -> any DiskFile {
    let file = File([])
    files.withLock { $0[path] = file }
    return file
  }

  func remove(_ path: String) throws(SystemError) { files.withLock { $0[path] = nil } }

  func cut(_ path: String, to size: Int) throws(SystemError) { try open(path).truncate(to: size) }

  func sync(directory: String) throws(SystemError) {}

  func available(_ directory: String) throws(SystemError) -> Int { .max }

  func exists(_ path: String) -> Bool { files.withLock { $0[path] != nil } }
}

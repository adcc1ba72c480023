import Platform

/// The files of a spool's segments: made, opened, and a few kept open for readers.
final class SegmentFiles: Sendable {
  let disk: any Disk
  let directory: String
  private let open = Guarded<[(name: SegmentName, file: any DiskFile)]>([])
  /// Files that were made and not written to yet.
  private let fresh = Guarded<[SegmentName: any DiskFile]>([:])
  private static let limit = 4

  init(disk: any Disk, directory: String) {
    self.disk = disk
    self.directory = directory
  }

  func path(_ name: SegmentName) -> String { "\(directory)/\(name)" }

  /// Makes a segment of `bytes` with a header, on stable storage with its name; nothing is left on failure.
  func make(
    _ name: SegmentName, base: UInt64, start: UInt64, bytes: Int, created: WallTime
  ) throws(SystemError) {
    let path = path(name)
    let file = try disk.create(path)
    do throws(SystemError) {
      try file.allocate(bytes)
      let header = SegmentHeader(identity: name.identity, base: base, start: start, created: created)
      try file.write(header.bytes, at: 0)
      try file.sync()
      try disk.sync(directory: directory)
    } catch {
      try? disk.remove(path)
      throw error
    }
    fresh.withLock { $0[name] = file }
  }

  /// The file of a segment that was made and not taken.
  func peek(_ name: SegmentName) -> (any DiskFile)? {
    fresh.withLock { $0[name] }
  }

  /// The file of a segment that was made, for the one that writes to it; readers get it too.
  func take(_ name: SegmentName) -> (any DiskFile)? {
    guard let file = fresh.withLock({ $0.removeValue(forKey: name) }) else { return nil }
    shelve(name, file)
    return file
  }

  /// The file of a segment for reading.
  func reading(_ name: SegmentName) throws(SystemError) -> any DiskFile {
    let known = open.withLock { open -> (any DiskFile)? in
      guard let index = open.firstIndex(where: { $0.name == name }) else { return nil }
      open.append(open.remove(at: index))
      return open.last?.file
    }
    if let known { return known }
    let file = try disk.open(path(name))
    shelve(name, file)
    return file
  }

  private func shelve(_ name: SegmentName, _ file: any DiskFile) {
    open.withLock { open in
      if open.count >= Self.limit { open.removeFirst() }
      open.append((name, file))
    }
  }

  /// Removes a segment's file; that it is gone already is fine.
  func remove(_ name: SegmentName) throws(SystemError) {
    fresh.withLock { $0[name] = nil }
    open.withLock { $0.removeAll { $0.name == name } }
    do throws(SystemError) {
      try disk.remove(path(name))
    } catch  where error.isNotFound {
    }
  }

  /// All of a file; what the disk cannot read is zero, so that the rest can be used.
  static func readAll(_ file: any DiskFile) -> (bytes: [UInt8], isWhole: Bool) {
    guard let size = try? file.size() else { return ([], false) }
    var isWhole = true
    let bytes = readTolerantly(file, count: min(size, sizeLimit), at: 0, &isWhole)
    return (bytes, isWhole)
  }

  /// `count` bytes from `offset` on; what the disk cannot read is zero.
  static func readTolerantly(
    _ file: any DiskFile, count: Int, at offset: Int, _ isWhole: inout Bool
  ) -> [UInt8] {
    if let bytes = try? file.read(count: count, at: offset) { return bytes }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: count, by: 4_096) {
      let length = min(4_096, count - start)
      let read = try? file.read(count: length, at: offset + start)
      if read == nil { isWhole = false }
      let piece = read ?? []
      bytes += piece + [UInt8](repeating: 0, count: length - piece.count)
    }
    return bytes
  }

  /// No segment is larger; more is not ours.
  private static let sizeLimit = 1 << 30
}

public import Platform

/// The machine's own disk.
public struct RealDisk: Disk {
  private static let lockName = "LOCK"

  /// The machine's own disk.
  public init() {}

  /// Makes `directory` (0700) if need be, and refuses a symbolic link or another user's; its files become 0600.
  public func secure(_ directory: String) throws(SpoolError) -> [String] {
    let status: FileStatus?
    do throws(SystemError) {
      if try FileStatus.of(directory) == nil { try Directory.create(directory, mode: 0o700) }
      status = try FileStatus.of(directory)
    } catch {
      throw .unusable(directory, error)
    }
    guard let status, status.kind == .directory else { throw .notDirectory(directory) }
    guard status.owner == Identity.uid else { throw .foreignOwner(directory, status.owner) }
    do throws(SystemError) {
      let change = try Self.close(directory, status, to: 0o700)
      return try [change].compactMap(\.self) + closeFiles(of: directory)
    } catch {
      throw .unusable(directory, error)
    }
  }

  /// Takes others' permissions away from the files of ours in `directory`; who has one open already keeps it.
  private func closeFiles(of directory: String) throws(SystemError) -> [String] {
    var changes: [String] = []
    for name in try Directory.list(directory) where Self.isOurs(name) {
      let path = "\(directory)/\(name)"
      guard let status = try FileStatus.of(path), status.kind == .file, status.owner == Identity.uid else {
        continue
      }
      if let change = try Self.close(path, status, to: 0o600) { changes.append(change) }
    }
    guard let first = changes.first, changes.count > 1 else { return changes }
    return ["\(first); and of \(changes.count - 1) more"]
  }

  private static func isOurs(_ name: String) -> Bool {
    name == lockName || SegmentName(name) != nil || name.hasSuffix(Quarantine.ending)
  }

  /// Sets the permissions to `mode` where others have some; what was changed, in words.
  private static func close(
    _ path: String, _ status: FileStatus, to mode: UInt32
  ) throws(SystemError) -> String? {
    if status.mode & 0o077 == 0 { return nil }
    try Directory.setMode(path, mode)
    return
      "permissions of \(path) were \(String(status.mode, radix: 8)), now \(String(mode, radix: 8))"
  }

  /// Locks the file `LOCK` in `directory`; the system takes the lock back if the process dies.
  public func lock(_ directory: String) throws(SpoolError) -> any Sendable {
    do throws(FileLock.Failure) {
      return try FileLock("\(directory)/\(Self.lockName)")
    } catch {
      switch error {
      case .held(let pid): throw .locked(directory, by: pid)
      case .system(let cause): throw .unusable(directory, cause)
      }
    }
  }

  /// The names in `directory`, in order.
  public func list(_ directory: String) throws(SystemError) -> [String] {
    do throws(SystemError) {
      return try Directory.list(directory).filter { $0 != Self.lockName }
    } catch  where error.isNotFound {
      return []
    }
  }

  /// Opens a file of our own; a symbolic link or another user's is refused.
  public func open(_ path: String) throws(SystemError) -> any DiskFile {
    let file = RealFile(descriptor: try FileDescriptor.open(path, [.read, .noFollow]))
    let status = try file.descriptor.status()
    guard status.kind == .file, status.owner == Identity.uid else {
      throw SystemError(call: "trust", subject: path, errno: 1)
    }
    return file
  }

  /// Makes a file (0600).
  public func create(_ path: String) throws(SystemError) -> any DiskFile {
    RealFile(
      descriptor: try FileDescriptor.open(path, [.read, .write, .create, .exclusive, .noFollow]))
  }

  /// Removes a file.
  public func remove(_ path: String) throws(SystemError) {
    try Directory.remove(path)
  }

  /// Cuts a file to `size`.
  public func cut(_ path: String, to size: Int) throws(SystemError) {
    try FileDescriptor.open(path, [.write, .noFollow]).truncate(to: Int64(size))
  }

  /// fsync of the directory.
  public func sync(directory: String) throws(SystemError) {
    try Directory.sync(directory)
  }

  /// What the volume has left for this user.
  public func available(_ directory: String) throws(SystemError) -> Int {
    Int(clamping: try Volume.of(directory).available)
  }

  /// Whether there is something at `path`.
  public func exists(_ path: String) -> Bool {
    Directory.exists(path)
  }
}

/// A file of the machine's own disk.
struct RealFile: DiskFile {
  let descriptor: FileDescriptor

  func size() throws(SystemError) -> Int {
    Int(clamping: try descriptor.size())
  }

  func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    try descriptor.read(count: count, at: Int64(offset))
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    try descriptor.write(all: bytes, at: Int64(offset))
  }

  func sync() throws(SystemError) {
    try descriptor.sync()
  }

  func allocate(_ bytes: Int) throws(SystemError) {
    try descriptor.allocate(Int64(bytes))
  }

  func isNamed() throws(SystemError) -> Bool {
    try descriptor.status().links > 0
  }

  func truncate(to size: Int) throws(SystemError) {
    try descriptor.truncate(to: Int64(size))
  }
}

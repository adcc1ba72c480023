import Platform
import Spool

/// A disk in memory that fails as disks do.
///
/// What was written is seen at once, as through a page cache, but survives a power cut only if it was
/// synced; of the rest any part may survive, in any order, sector by sector. After a failed sync the
/// data counts as clean, as in Linux: a second sync succeeds and saves nothing.
final class SimulatedDisk: Disk {
  /// What one file operation did that is not on stable storage.
  enum Change {
    case write(offset: Int, bytes: [UInt8])
    case resize(Int)
  }

  struct Inode {
    var current: [UInt8] = []
    var durable: [UInt8] = []
    /// To be made durable by the next sync.
    var pending: [Change] = []
    /// Dropped by a failed sync.
    var lost: [Change] = []
  }

  enum NameChange {
    case link(String, Int)
    case unlink(String)
  }

  /// What goes wrong next.
  struct Faults {
    var failWrites = 0
    var failSyncs = 0
    var failReads = 0
    /// Bytes that all files together may have.
    var capacity = Int.max
  }

  struct State {
    var inodes: [Int: Inode] = [:]
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    var pendingNames: [NameChange] = []
    var nextInode = 0
    /// Handles from before a crash are dead.
    var epoch = 0
    var locked: Set<String> = []
    var faults = Faults()
    /// Files removed by the spool, with what was in them.
    var removed: [(path: String, bytes: [UInt8])] = []

    var used: Int { Set(names.values).reduce(0) { $0 + (inodes[$1]?.current.count ?? 0) } }
  }

  let state = Guarded(State())

  func secure(_ directory: String) throws(SpoolError) -> [String] { [] }

  func lock(_ directory: String) throws(SpoolError) -> any Sendable { 0 }

  func list(_ directory: String) throws(SystemError) -> [String] {
    let prefix = directory + "/"
    return state.withLock { state in
      state.names.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.utf8.count)) }
        .filter { !$0.utf8.contains(47) }.sorted()
    }
  }

  func open(_ path: String) throws(SystemError) -> any DiskFile {
    let found = state.withLock { state in state.names[path].map { ($0, state.epoch) } }
    guard let (inode, epoch) = found else { throw SystemError(call: "open", subject: path, errno: 2) }
    return SimulatedFile(disk: self, path: path, inode: inode, epoch: epoch)
  }

  func create(_ path: String) throws(SystemError) -> any DiskFile {
    let made: (Int, Int)? = state.withLock { state in
      guard state.names[path] == nil else { return nil }
      state.nextInode += 1
      state.inodes[state.nextInode] = Inode()
      state.names[path] = state.nextInode
      state.pendingNames.append(.link(path, state.nextInode))
      return (state.nextInode, state.epoch)
    }
    guard let (inode, epoch) = made else { throw SystemError(call: "open", subject: path, errno: 17) }
    return SimulatedFile(disk: self, path: path, inode: inode, epoch: epoch)
  }

  func remove(_ path: String) throws(SystemError) {
    let isThere = state.withLock { state in
      guard let inode = state.names.removeValue(forKey: path) else { return false }
      state.removed.append((path, state.inodes[inode]?.current ?? []))
      state.pendingNames.append(.unlink(path))
      // A handle may still be open, but nothing here reads through one after removing.
      return true
    }
    if !isThere { throw SystemError(call: "remove", subject: path, errno: 2) }
  }

  func cut(_ path: String, to size: Int) throws(SystemError) {
    try open(path).truncate(to: size)
  }

  func sync(directory: String) throws(SystemError) {
    let fails = state.withLock { state in
      if state.faults.failSyncs > 0 {
        state.faults.failSyncs -= 1
        return true
      }
      state.durableNames = state.names
      state.pendingNames = []
      return false
    }
    if fails { throw SystemError(call: "sync", subject: directory, errno: 5) }
  }

  func available(_ directory: String) throws(SystemError) -> Int {
    state.withLock { $0.faults.capacity == .max ? .max : max(0, $0.faults.capacity - $0.used) }
  }

  func exists(_ path: String) -> Bool {
    state.withLock { $0.names[path] != nil }
  }
}

/// An open file of a simulated disk.
struct SimulatedFile: DiskFile {
  let disk: SimulatedDisk
  let path: String
  let inode: Int
  let epoch: Int

  private func with<Result>(
    _ call: String, _ type: Result.Type,
    _ body: (inout SimulatedDisk.State, inout SimulatedDisk.Inode) -> (Result?, Int32)
  ) throws(SystemError) -> Result {
    let (result, errno): (Result?, Int32) = disk.state.withLock { state in
      guard state.epoch == epoch, var file = state.inodes.removeValue(forKey: inode) else { return (nil, 5) }
      defer { state.inodes[inode] = file }
      return body(&state, &file)
    }
    guard let result, errno == 0 else { throw SystemError(call: call, subject: path, errno: errno) }
    return result
  }

  func size() throws(SystemError) -> Int {
    try with("examine", Int.self) { _, file in (file.current.count, 0) }
  }

  func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    try with("read", [UInt8].self) { state, file in
      if state.faults.failReads > 0 {
        state.faults.failReads -= 1
        return (nil, 5)
      }
      let start = min(offset, file.current.count)
      return (Array(file.current[start..<min(start + count, file.current.count)]), 0)
    }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    try with("write", Void.self) { state, file in
      var bytes = bytes
      var errno: Int32 = 0
      if state.faults.failWrites > 0 {
        state.faults.failWrites -= 1
        // A part of it may have got there.
        bytes = Array(bytes.prefix(bytes.count / 2))
        errno = 5
      }
      let room = max(0, state.faults.capacity - state.used - file.current.count)
      if offset + bytes.count > file.current.count + room {
        bytes = Array(bytes.prefix(max(0, file.current.count + room - offset)))
        errno = 28
      }
      file.apply(.write(offset: offset, bytes: bytes))
      return ((), errno)
    }
  }

  func sync() throws(SystemError) {
    try with("sync", Void.self) { state, file in
      if state.faults.failSyncs > 0 {
        state.faults.failSyncs -= 1
        file.lost += file.pending
        file.pending = []
        return (nil, 5)
      }
      if file.lost.isEmpty {
        file.durable = file.current
      } else {
        for change in file.pending { SimulatedDisk.Inode.apply(change, to: &file.durable) }
      }
      file.pending = []
      return ((), 0)
    }
  }

  func allocate(_ bytes: Int) throws(SystemError) {
    try with("allocate", Void.self) { state, file in
      if state.used + max(bytes, file.current.count) > state.faults.capacity { return (nil, 28) }
      if bytes > file.current.count { file.apply(.resize(bytes)) }
      return ((), 0)
    }
  }

  func isNamed() throws(SystemError) -> Bool {
    try with("examine", Bool.self) { state, _ in (state.names.values.contains(inode), 0) }
  }

  func truncate(to size: Int) throws(SystemError) {
    try with("truncate", Void.self) { _, file in
      file.apply(.resize(size))
      return ((), 0)
    }
  }
}

extension SimulatedDisk.Inode {
  mutating func apply(_ change: SimulatedDisk.Change) {
    Self.apply(change, to: &current)
    pending.append(change)
  }

  static func apply(_ change: SimulatedDisk.Change, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let new):
      if new.isEmpty { return }
      if bytes.count < offset + new.count {
        bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
      }
      bytes.replaceSubrange(offset..<(offset + new.count), with: new)
    case .resize(let size):
      if size <= bytes.count {
        bytes.removeLast(bytes.count - size)
      } else {
        bytes += [UInt8](repeating: 0, count: size - bytes.count)
      }
    }
  }
}

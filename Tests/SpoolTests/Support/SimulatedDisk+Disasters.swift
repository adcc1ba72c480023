import Platform

@testable import Spool

/// What happens to disks.
extension SimulatedDisk {
  func set(_ body: (inout Faults) -> Void) {
    state.withLock { body(&$0.faults) }
  }

  /// Leaves room for nothing.
  func fill() {
    let used = used
    set { $0.capacity = used }
  }

  var used: Int { state.withLock { $0.used } }

  /// The process is gone; the page cache is not.
  func kill() {
    state.withLock { state in
      state.epoch += 1
      let named = Set(state.names.values).union(state.durableNames.values)
      state.inodes = state.inodes.filter { named.contains($0.key) }
    }
  }

  /// The power is gone: of what was not synced, any part survives.
  func cutPower(_ random: inout SplitMix64) {
    var dice = random
    state.withLock { state in
      state.epoch += 1
      for change in state.pendingNames where Bool.random(using: &dice) {
        switch change {
        case .link(let path, let inode): state.durableNames[path] = inode
        case .unlink(let path): state.durableNames[path] = nil
        }
      }
      state.names = state.durableNames
      state.pendingNames = []
      let named = Set(state.names.values)
      state.inodes = state.inodes.filter { named.contains($0.key) }
      // In order, so that the same seed gives the same disk.
      for inode in state.inodes.keys.sorted() {
        if var file = state.inodes[inode] {
          file.survive(&dice)
          state.inodes[inode] = file
        }
      }
    }
    random = dice
  }

  /// The segments' paths, oldest first.
  var segments: [String] {
    state.withLock { $0.names.keys.filter { $0.hasSuffix(".seg") } }.sorted()
  }

  func content(_ path: String) -> [UInt8] {
    state.withLock { state in state.names[path].flatMap { state.inodes[$0]?.current } ?? [] }
  }

  /// One bit turns over, in the cache and on the disk.
  func flip(_ path: String, at offset: Int, bit: Int) {
    state.withLock { state in
      guard let inode = state.names[path], var file = state.inodes[inode] else { return }
      let mask = UInt8(1 << bit)
      if offset < file.current.count { file.current[offset] ^= mask }
      if offset < file.durable.count { file.durable[offset] ^= mask }
      file.pending = file.pending.map { $0.flipped(offset, mask) }
      state.inodes[inode] = file
    }
  }

  /// Somebody removes a file.
  func deleteByHand(_ path: String) {
    state.withLock { state in
      state.names[path] = nil
      state.durableNames[path] = nil
      state.pendingNames.removeAll {
        if case .link(let name, _) = $0 { name == path } else { false }
      }
    }
  }

  /// Puts a file there.
  func put(_ path: String, _ bytes: [UInt8]) {
    state.withLock { state in
      state.nextInode += 1
      state.inodes[state.nextInode] = Inode(current: bytes, durable: bytes)
      state.names[path] = state.nextInode
      state.durableNames[path] = state.nextInode
    }
  }

  func takeRemoved() -> [(path: String, bytes: [UInt8])] {
    state.withLock { state in
      defer { state.removed = [] }
      return state.removed
    }
  }
}

extension SimulatedDisk.Change {
  func flipped(_ position: Int, _ mask: UInt8) -> Self {
    guard case .write(let offset, var bytes) = self, bytes.indices.contains(position - offset) else {
      return self
    }
    bytes[position - offset] ^= mask
    return .write(offset: offset, bytes: bytes)
  }
}

extension SimulatedDisk.Inode {
  /// Makes a part of what was not synced durable: nothing, all, or some sectors in some order.
  mutating func survive(_ dice: inout SplitMix64) {
    let changes = lost + pending
    switch UInt8.random(in: 0..<4, using: &dice) {
    case 0: break
    case 1: for change in changes { Self.apply(change, to: &durable) }
    default:
      for change in changes.flatMap({ $0.sectors }).shuffled(using: &dice) where Bool.random(using: &dice) {
        Self.apply(change, to: &durable)
      }
    }
    lost = []
    pending = []
    current = durable
  }
}

extension SimulatedDisk.Change {
  /// The parts that survive or not on their own: a disk's sectors lie where they lie, whatever is written over them.
  var sectors: [Self] {
    guard case .write(let offset, let bytes) = self else { return [self] }
    let size = 64
    var parts: [Self] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + size - (offset + start) % size)
      parts.append(.write(offset: offset + start, bytes: Array(bytes[start..<end])))
      start = end
    }
    return parts
  }
}

// Arbitrary damage to the segments of a spool. Opening must succeed or refuse a newer format, nothing may
// trap, sequences must grow, every record that is given out must be one that was written, and a new one
// must get through.
//
// An input is either the bytes of one whole segment, or a script that damages three valid ones: since no
// fuzzer finds a checksum by chance, only the second reaches what lies behind it.
import Platform
import Spool

private let limits = SpoolLimits(capacityBytes: 64_000, segmentBytes: 700, groupBytes: 400)
private let directory = "/spool"

/// What the damaged segments were made of.
private let valid: (segments: [(path: String, bytes: [UInt8])], payloads: Set<[UInt8]>) = {
  let disk = MemoryDisk()
  var payloads: Set<[UInt8]> = []
  guard let spool = open(disk) else { preconditionFailure("a new spool must open") }
  for number in 0..<12 {
    let payload = [UInt8](repeating: UInt8(number), count: 1 + number * 13)
    payloads.insert(payload)
    append(payload, to: spool)
  }
  spool.close()
  let segments = disk.segments.sorted { $0.key < $1.key }.map { (path: $0.key, bytes: $0.value) }
  return (segments, payloads)
}()

/// Called by libFuzzer for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSegment(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first else { return 0 }
  let disk: MemoryDisk
  if first & 1 == 0 {
    disk = MemoryDisk([valid.segments[0].path: Array(bytes.dropFirst())])
  } else {
    disk = MemoryDisk(damaged(bytes.dropFirst()))
  }
  guard let spool = open(disk) else { return 0 }
  let fresh = [UInt8](repeating: 0xEE, count: 9)
  let sequence = append(fresh, to: spool)
  check(spool, fresh, sequence)
  spool.close()
  // What was repaired must open again and be the same.
  guard let again = open(disk) else { preconditionFailure("a repaired spool must open") }
  check(again, fresh, sequence)
  again.close()
  return 0
}

private func open(_ disk: MemoryDisk) -> Spool? {
  let entropy = Guarded(SplitMix64(seed: 1))
  do {
    return try Spool.open(
      directory: directory, disk: disk, limits: limits, time: SystemTime(), log: .silent,
      entropy: { entropy.withLock { $0.next() } })
  } catch {
    precondition(error.code == .newerFormat, "\(error)")
    return nil
  }
}

@discardableResult
private func append(_ payload: [UInt8], to spool: Spool) -> UInt64 {
  let answer = Gate<Result<UInt64, SpoolRefusal>?>(nil)
  spool.append(kind: 1, payload: payload, events: 1) { result in
    answer.withLock { $0 = result }
    answer.signal()
  }
  guard case .success(let sequence) = answer.wait(until: nil, { $0 }) else {
    preconditionFailure("a record must be taken")
  }
  return sequence
}

private func check(_ spool: Spool, _ fresh: [UInt8], _ sequence: UInt64) {
  var last: UInt64 = 0
  var isThere = false
  spool.forEachKept { record in
    precondition(record.sequence > last)
    last = record.sequence
    if record.sequence == sequence { isThere = record.payload == fresh }
    precondition(record.payload == fresh || valid.payloads.contains(record.payload))
    return true
  }
  precondition(isThere, "the new record must be there")
  let status = spool.status()
  precondition(status.bytes >= 0 && status.events >= 0 && status.nextSequence == sequence + 1)
}

/// The valid segments after a script of five-byte steps: which file and what, where (two bytes), and two operands.
private func damaged(_ script: ArraySlice<UInt8>) -> [String: [UInt8]] {
  var files = valid.segments
  var rest = script
  while rest.count >= 5 {
    let step = Array(rest.prefix(5))
    rest = rest.dropFirst(5)
    let which = Int(step[0] & 3) % files.count
    apply(step, to: &files[which].bytes, other: files[(which + 1) % files.count].bytes)
  }
  return Dictionary(files.map { ($0.path, $0.bytes) }) { $1 }
}

private func apply(_ step: [UInt8], to bytes: inout [UInt8], other: [UInt8]) {
  if bytes.isEmpty { return }
  let offset = (Int(step[1]) << 8 | Int(step[2])) % bytes.count
  let length = min(Int(step[3]) + 1, bytes.count - offset)
  switch step[0] >> 2 & 7 {
  case 0: bytes[offset] ^= step[4]
  case 1: bytes[offset] = step[4]
  case 2: bytes.removeLast(bytes.count - offset)
  case 3: for index in offset..<(offset + length) { bytes[index] = 0 }
  case 4: bytes += [UInt8](repeating: step[4], count: Int(step[3]))
  case 5: bytes += bytes[offset..<(offset + length)]
  case 6:
    bytes.replaceSubrange(offset..<(offset + length), with: other.dropFirst(Int(step[4]) * 8).prefix(length))
  default: bytes = other
  }
}

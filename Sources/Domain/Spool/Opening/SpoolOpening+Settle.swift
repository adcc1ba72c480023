import Bytes
import Hashing
import Platform

/// Writing the last group again.
extension SpoolOpening {
  /// Makes the segment that new records go to, with the last group of what was found at its beginning.
  mutating func settle(
    _ arranged: inout [Found], _ shadows: inout [(name: SegmentName, next: UInt64)], _ identity: SpoolID,
    ordinal: inout UInt64, next: UInt64, start: UInt64, size usual: Int
  ) -> Result<Segment, SystemError> {
    let durable = arranged.reduce(0) { max($0, $1.survey.durable) }
    let last = unsettled(arranged, from: durable, identity)
    let (heads, content) = last ?? ([], [])
    let name = SegmentName(ordinal: ordinal, identity: identity)
    ordinal += 1
    let size = max(usual, SegmentHeader.size + content.count)
    do throws(SystemError) {
      try files.make(
        name, base: heads.first?.sequence ?? next, start: start, bytes: size, created: time.wall())
      if heads.isEmpty {
        if last == nil { note(.warning, "cannot read the last group to write it again", "\(name)", "") }
        return .success(Segment(name: name, identity: identity, first: next, next: next, size: size))
      }
      guard let file = files.peek(name) else { throw SystemError(call: "find", subject: "\(name)", errno: 2) }
      try file.write(content, at: SegmentHeader.size)
      try file.sync()
    } catch {
      try? files.remove(name)
      note(
        .error, "cannot make a segment; the spool is opened for reading and tried again", "\(name)",
        "\(error)")
      return .failure(error)
    }
    let before = arranged
    arranged = before.compactMap {
      $0.survey.last < durable ? $0 : durable > $0.first ? piece(of: $0, $0.first...(durable - 1)) : nil
    }
    for found in before where !arranged.contains(where: { $0.name == found.name }) {
      shadows.append(shadow(found))
    }
    return .success(segment(name, heads, size))
  }

  /// The records from `sequence` on, as they are to be written again; nil when they cannot all be read.
  private func unsettled(
    _ arranged: [Found], from sequence: UInt64, _ identity: SpoolID
  ) -> (heads: [RecordHead], content: [UInt8])? {
    var heads: [RecordHead] = []
    var content = ByteWriter()
    for found in arranged where found.survey.last >= sequence {
      guard let file = try? files.reading(found.name) else { return nil }
      let (bytes, isWhole) = SegmentFiles.readAll(file)
      if !isWhole { return nil }
      let wanted = max(sequence, found.first)...found.survey.last
      RecordWalk(identity: found.survey.identity).forEach(in: bytes) { head, payload in
        guard wanted.contains(head.sequence) else { return }
        let payload = Array(bytes[payload])
        var head = head
        // What was torn was never durable, and is not looked for again.
        for hole in torn where hole.upperBound == head.prior { head.skipped += UInt64(hole.count) }
        heads.append(head)
        head.append(to: &content, payload: payload, hash: Hash.hash64(payload), identity: identity)
      }
    }
    return (heads, content.bytes)
  }

  private func segment(_ name: SegmentName, _ heads: [RecordHead], _ size: Int) -> Segment {
    var segment = Segment(name: name, identity: name.identity, first: 0, next: 0, size: size)
    for head in heads {
      if segment.first == 0 { segment.first = head.sequence }
      segment.index.add(head, at: segment.end)
      segment.end += RecordHead.footprint(head.length)
      segment.next = head.sequence + 1
    }
    return segment
  }
}

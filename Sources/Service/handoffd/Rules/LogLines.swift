import Bytes
import Decoding
import Model

/// Makes events of the lines of an exported log, piece by piece.
struct LogLines: ~Copyable {
  /// Lines that hold no event that can be read.
  private(set) var unread = 0

  private var rest: [UInt8] = []
  private var decoder: Decoder
  /// A broadcast stands in the log once for each receiver, and is read as all of them each time.
  private var seen = RecentIdentities(capacity: 1 << 13)

  /// What the sidecar puts behind each event, from its first byte on.
  private static let tail = Array(#""received_at":""#.utf8)

  init() {
    var settings = DecodingSettings()
    // What was accepted once is not refused for its age.
    settings.retention = .seconds(100_000 * 86_400)
    settings.mostAhead = settings.retention
    decoder = Decoder(settings: settings)
  }

  /// Takes a piece; gives the events whose lines are whole by now, with when they were received.
  mutating func take(_ piece: [UInt8]) -> [(frame: EventFrame, receivedAt: Timestamp)] {
    var events: [(EventFrame, Timestamp)] = []
    rest += piece
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: 0x0A) {
      read(rest[start..<end], into: &events)
      start = end + 1
    }
    rest.removeFirst(start)
    return events
  }

  private mutating func read(_ line: ArraySlice<UInt8>, into events: inout [(EventFrame, Timestamp)]) {
    guard let (body, receivedAt) = Self.parts(of: line),
      let batch = try? decoder.decode(
        body, contentType: "application/json", receivedAt: receivedAt, keptRejections: 0),
      !batch.frames.isEmpty
    else {
      unread += 1
      return
    }
    let bytes = batch.payload.frames.bytes
    let second = Int(receivedAt.microseconds / 1_000_000)
    for decoded in batch.frames where seen.note(decoded.identity, at: second) {
      if let frame = EventFrame(bytes, at: decoded.range.lowerBound) {
        events.append((frame, receivedAt))
      }
    }
  }

  /// The event as it was sent, and when it was received: the last member of that name is the sidecar's own.
  private static func parts(of line: ArraySlice<UInt8>) -> (body: [UInt8], receivedAt: Timestamp)? {
    guard let place = line.lastRange(of: tail) else { return nil }
    let text = line[place.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
    guard let moment = Timestamp(rfc3339: text) else { return nil }
    var body = line[..<place.lowerBound]
    if body.last == UInt8(ascii: ",") { body.removeLast() }
    return (Array(body) + [UInt8(ascii: "}")], moment)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func lastRange(of mark: [UInt8]) -> Range<Int>? {
    guard count >= mark.count, let first = mark.first else { return nil }
    var start = endIndex - mark.count
    while start >= startIndex {
      if self[start] == first, self[start..<(start + mark.count)].elementsEqual(mark) {
        return start..<(start + mark.count)
      }
      start -= 1
    }
    return nil
  }
}

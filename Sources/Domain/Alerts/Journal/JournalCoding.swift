// How the journal is written. A record of its log holds lines, one behind the other:
//
//   tag    1 byte, see `Tag`
//   …      integers little-endian; texts and lists with a 32-bit count in front; what may be absent behind a 0 or 1
//
// A record is written and read as a whole. One that cannot be read ends the reading: what it would have said is then
// learnt again, at the worst a page comes twice.
import Bytes
import Model

extension JournalEntry {
  private enum Tag: UInt8 {
    case restart, transition, standing, told, forgotten, notice, settled, shipped, judged, handedOver
  }

  /// The bytes of some lines.
  public static func encode(_ entries: [JournalEntry]) -> [UInt8] {
    var output = JournalWriter()
    for entry in entries { entry.write(into: &output) }
    return output.bytes
  }

  /// The lines in some bytes; nil if they are none.
  public static func decode(_ bytes: [UInt8]) -> [JournalEntry]? {
    var input = JournalReader(bytes)
    var entries: [JournalEntry] = []
    while !input.isAtEnd {
      guard let entry = read(&input) else { return nil }
      entries.append(entry)
    }
    return entries
  }

  private func write(into output: inout JournalWriter) {
    switch self {
    case .restart: output.put(Tag.restart.rawValue)
    case .transition(let number, let transition, let notified):
      output.put(Tag.transition.rawValue)
      output.put(number)
      output.put(transition.at)
      output.put(transition.alert)
      output.put(UInt8(notified ? 1 : 0))
    case .standing(let alert):
      output.put(Tag.standing.rawValue)
      output.put(alert)
    case .told(let receiver, let fingerprint, let told):
      output.put(Tag.told.rawValue)
      output.put(receiver)
      output.put(fingerprint.value)
      output.put(told.since)
      output.put(told.at)
      output.put(UInt64(bitPattern: told.repetition))
    case .forgotten(let receiver, let fingerprint):
      output.put(Tag.forgotten.rawValue)
      output.put(receiver)
      output.put(fingerprint.value)
    case .notice(let notice):
      output.put(Tag.notice.rawValue)
      output.put(notice)
    case .settled(let id):
      output.put(Tag.settled.rawValue)
      output.put(id)
    case .shipped(let number):
      output.put(Tag.shipped.rawValue)
      output.put(number)
    case .judged(let moment):
      output.put(Tag.judged.rawValue)
      output.put(moment)
    case .handedOver(let fingerprint):
      output.put(Tag.handedOver.rawValue)
      output.put(fingerprint.value)
    }
  }

  private static func read(_ input: inout JournalReader) -> JournalEntry? {
    switch input.byte().flatMap(Tag.init(rawValue:)) {
    case .restart: .restart
    case .transition: readTransition(&input)
    case .standing: input.alert().map { .standing($0) }
    case .told: readTold(&input)
    case .forgotten:
      if let receiver = input.text(), let value = input.number() {
        .forgotten(receiver: receiver, Fingerprint(value))
      } else {
        nil
      }
    case .notice: input.notice().map { .notice($0) }
    case .settled: input.text().map { .settled(id: $0) }
    case .shipped: input.number().map { .shipped(below: $0) }
    case .judged: input.moment().map { .judged(until: $0) }
    case .handedOver: input.number().map { .handedOver(Fingerprint($0)) }
    case nil: nil
    }
  }

  private static func readTransition(_ input: inout JournalReader) -> JournalEntry? {
    guard let number = input.number(), let at = input.moment(), let alert = input.alert(),
      let flag = input.byte()
    else { return nil }
    return .transition(number: number, Transition(at: at, alert: alert), notified: flag == 1)
  }

  private static func readTold(_ input: inout JournalReader) -> JournalEntry? {
    guard let receiver = input.text(), let value = input.number(), let since = input.moment(),
      let at = input.moment(), let repetition = input.number()
    else { return nil }
    let told = Announcer.Told(since: since, at: at, repetition: Int64(bitPattern: repetition))
    return .told(receiver: receiver, Fingerprint(value), told)
  }
}

/// Writes values of the journal.
struct JournalWriter {
  private var output = ByteWriter()
  var bytes: [UInt8] { output.bytes }

  mutating func put(_ byte: UInt8) { output.put(byte) }
  mutating func put(_ number: UInt64) { output.put(number) }
  mutating func put(_ moment: Timestamp) { output.put(moment.microseconds) }

  mutating func put(_ bytes: [UInt8]) {
    output.put(UInt32(clamping: bytes.count))
    output.put(bytes)
  }

  mutating func put(_ text: String) { put(Array(text.utf8)) }

  mutating func put<Value>(optional value: Value?, _ write: (inout Self, Value) -> Void) {
    put(UInt8(value == nil ? 0 : 1))
    if let value { write(&self, value) }
  }

  mutating func put(_ values: [String: String]) {
    output.put(UInt32(clamping: values.count))
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      put(name)
      put(value)
    }
  }

  mutating func put(_ alert: Alert) {
    put(alert.fingerprint.value)
    for text in [alert.name, alert.severity.rawValue, alert.state.rawValue] { put(text) }
    put(alert.labels)
    put(alert.annotations)
    put(optional: alert.value) { $0.put($1.bitPattern) }
    put(alert.threshold.bitPattern)
    put(alert.since)
    put(optional: alert.endedAt) { $0.put($1) }
    output.put(UInt32(clamping: alert.events.count))
    for event in alert.events { put(event) }
    put(optional: alert.inhibitedBy) { $0.put($1) }
  }

  mutating func put(_ notice: QueuedNotice) {
    put(notice.id)
    put(notice.receiver)
    output.put(UInt32(clamping: notice.fingerprints.count))
    for value in notice.fingerprints { put(value) }
    put(notice.body)
    put(notice.decidedAt)
  }
}

/// Reads values of the journal; whatever stands there, it gives nil rather than too much.
struct JournalReader {
  private var input: ByteReader

  init(_ bytes: [UInt8]) {
    input = ByteReader(bytes)
  }

  var isAtEnd: Bool { input.isAtEnd }

  mutating func byte() -> UInt8? { input.integer(UInt8.self) }
  mutating func number() -> UInt64? { input.integer(UInt64.self) }
  mutating func moment() -> Timestamp? { input.integer(Int64.self).map { Timestamp(microseconds: $0) } }

  mutating func bytes() -> [UInt8]? {
    guard let count = input.integer(UInt32.self), let range = input.run(Int(count)) else { return nil }
    return Array(input.bytes[range])
  }

  mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }

  mutating func list<Value>(_ read: (inout Self) -> Value?) -> [Value]? {
    guard let count = input.integer(UInt32.self) else { return nil }
    var values: [Value] = []
    for _ in 0..<count {
      guard let value = read(&self) else { return nil }
      values.append(value)
    }
    return values
  }

  /// The value that may be absent; the outer nil says that neither stands there.
  mutating func optional<Value>(_ read: (inout Self) -> Value?) -> Value?? {
    switch byte() {
    case 0: .some(nil)
    case 1: read(&self).map { .some($0) } ?? nil
    default: nil
    }
  }

  mutating func mapping() -> [String: String]? {
    let pairs = list { input -> (String, String)? in
      guard let name = input.text(), let value = input.text() else { return nil }
      return (name, value)
    }
    return pairs.map { Dictionary($0) { $1 } }
  }

  mutating func alert() -> Alert? {
    guard let value = number(), let name = text(), let severity = text().flatMap(Severity.init(rawValue:)),
      let state = text().flatMap(Alert.State.init(rawValue:)), let labels = mapping(),
      let annotations = mapping(), let measured = optional({ $0.number() }), let threshold = number(),
      let since = moment(), let endedAt = optional({ $0.moment() }), let events = list({ $0.text() }),
      let inhibitedBy = optional({ $0.text() })
    else { return nil }
    return Alert(
      fingerprint: Fingerprint(value), name: name, severity: severity, state: state, labels: labels,
      annotations: annotations, value: measured.map { Double(bitPattern: $0) },
      threshold: Double(bitPattern: threshold), since: since, endedAt: endedAt, events: events,
      inhibitedBy: inhibitedBy)
  }

  mutating func notice() -> QueuedNotice? {
    guard let id = text(), let receiver = text(), let fingerprints = list({ $0.number() }),
      let body = bytes(),
      let decidedAt = moment()
    else { return nil }
    return QueuedNotice(
      id: id, receiver: receiver, fingerprints: fingerprints, body: body, decidedAt: decidedAt)
  }
}

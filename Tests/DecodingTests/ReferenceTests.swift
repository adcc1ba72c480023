import Bytes
import Decoding
import Foundation
import Model
import Testing

/// Random JSON, compared with a slow reader that others wrote.
@Suite struct ReferenceTests {
  /// A random value; `room` is how deep it may nest.
  private func value(_ generator: inout SeededGenerator, _ room: Int) -> String {
    switch Int.random(in: 0..<(room > 0 ? 10 : 7), using: &generator) {
    case 0: return ["true", "false", "null"].randomElement(using: &generator) ?? "null"
    case 1: return String(Int.random(in: -1_000_000...1_000_000, using: &generator))
    case 2: return "\(Double.random(in: -1e6...1e6, using: &generator))"
    case 3:
      return "\(Int.random(in: -99...99, using: &generator))e\(Int.random(in: -30...30, using: &generator))"
    case 4...6: return string(&generator)
    case 7:
      let count = Int.random(in: 0..<5, using: &generator)
      return "[" + (0..<count).map { _ in value(&generator, room - 1) }.joined(separator: ",") + "]"
    default:
      let count = Int.random(in: 0..<5, using: &generator)
      let members = (0..<count).map { "\"k\($0)\" : \(value(&generator, room - 1))" }
      return "{ " + members.joined(separator: " , ") + " }"
    }
  }

  private func string(_ generator: inout SeededGenerator) -> String {
    let pieces = [
      "a", "Z", "0", " ", "ä", "€", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e4", "\\ud83d\\ude00", "{", "]",
      ",", ":",
    ]
    let count = Int.random(in: 0..<12, using: &generator)
    return "\"" + (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined() + "\""
  }

  private func event(_ attributes: String) -> String {
    #"{"type":"handoff.step","handoff_id":"h","event_id":"e","attributes":{"v":\#(attributes)}}"#
  }

  @Test func `random values are stored as they were sent, and hash as what they say`() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<3000 {
      let sent = event(value(&generator, 6))
      let frame = try #require(try Sample.decode(sent).readBack.first)
      #expect(frame.text == sent)
      // Written anew by another, with other spacing, order and escapes.
      let object = try JSONSerialization.jsonObject(with: Data(sent.utf8))
      let anew = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
      guard !sent.contains("e") || !hasInexactNumber(sent) else { continue }
      #expect(try Sample.decode(Array(anew)).readBack.first?.contentHash == frame.contentHash)
    }
  }

  /// Whether the other writer would round a number.
  private func hasInexactNumber(_ text: String) -> Bool {
    text.contains(#/[0-9](\.[0-9]|e)/#)
  }

  @Test func `broken text is refused as no JSON exactly where the reference refuses it`() throws {
    var generator = SeededGenerator(seed: 13)
    var decoder = Decoder()
    var taken = 0
    for _ in 0..<20_000 {
      var bytes = Array(event(value(&generator, 4)).utf8)
      for _ in 0..<Int.random(in: 1...2, using: &generator) { damage(&bytes, &generator) }
      guard !isWhereTheyDiffer(bytes) else { continue }
      let batch = try decoder.decode(bytes, contentType: Sample.json, receivedAt: Sample.now)
      let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
      let sent = Comment(rawValue: String(decoding: bytes, as: UTF8.self))
      if batch.accepted == 1 { #expect(isJSON, sent) }
      if batch.refusals.first?.code == .invalidJSON { #expect(!isJSON, sent) }
      taken += batch.accepted
    }
    #expect(taken > 1000)
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let position = Int.random(in: 0..<bytes.count, using: &generator)
    let other = Array("{}[]\",:\\0-1.eEtfn u\t".utf8) + [0x80, 0xff, 0x1f]
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes.remove(at: position)
    case 1: bytes.insert(other.randomElement(using: &generator) ?? 0, at: position)
    default: bytes[position] = other.randomElement(using: &generator) ?? 0
    }
  }

  /// The reference takes other encodings, arrays where an event belongs, and commas before a closing bracket.
  private func isWhereTheyDiffer(_ bytes: [UInt8]) -> Bool {
    bytes.first != UInt8(ascii: "{") || bytes.contains(0) || bytes.count < 4
      || String(decoding: bytes, as: UTF8.self).contains(#/,\s*[\]}]/#)
  }

  @Test func `arrays, lines and the careful way give the same frames`() throws {
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<300 {
      let events = (0..<Int.random(in: 1...20, using: &generator)).map { number in
        Int.random(in: 0..<6, using: &generator) == 0
          ? "{\"type\":\(value(&generator, 3))}" : event(value(&generator, 4))
      }
      let lines = try Sample.decode(events.joined(separator: "\n"), as: Sample.lines)
      let array = try Sample.decode("[" + events.joined(separator: ",") + "]")
      // One line that the vector pass refuses makes all be read byte by byte.
      let careful = try Sample.decode((events + ["\"\u{1}\""]).joined(separator: "\n"), as: Sample.lines)
      #expect(array.payload.frames.bytes == lines.payload.frames.bytes)
      #expect(array.refusals == lines.refusals)
      #expect(careful.payload.frames.bytes == lines.payload.frames.bytes)
      #expect(careful.refusals.dropLast() == lines.refusals[...])
    }
  }
}

import Decoding
import Model
import Platform

/// The events of a month, three a handoff, of which one in thirty fails, and six in all are made for a reason of their own,
/// wait long and arrive with little: every figure follows from its number.
struct RecordWorkload: Sendable {
  /// How many handoffs there are.
  let handoffs: Int
  /// When the first began, in microseconds since 1970.
  let start: Int64
  /// How far they lie apart.
  private let step: Int64

  static let days: Int64 = 30
  static let agents = 20

  /// So many events, over the month before `now`.
  init(events: Int, now: WallTime) {
    handoffs = max(1, events / 3)
    start = now.microseconds - Self.days * 86_400_000_000
    step = Self.days * 86_400_000_000 / Int64(handoffs)
  }

  var events: Int { handoffs * 3 }

  /// Whether a handoff fails.
  static func fails(_ number: Int) -> Bool { number % 30 == 7 }

  /// Whether a handoff is one of those few that there is less than a page of, however many others there are.
  func isRare(_ number: Int) -> Bool { number % max(1, handoffs / 6) == handoffs / 12 }

  static func agent(_ number: Int) -> String { "agent-\((number % agents + agents) % agents)" }

  /// The three events of a handoff, a line each.
  func write(_ number: Int, to bytes: inout [UInt8]) {
    let at = start + Int64(number) * step
    let latency =
      isRare(number)
      ? 45_000_000
      : 20_000 + Int64(truncatingIfNeeded: Self.mix(number) % 3_000) * Int64(1 + number % 7) * 100
    line(number, 0, at, initiated(number), &bytes)
    if Self.fails(number) {
      let error = #","error":{"class":"retryable","type":"timeout","message":"no answer"}"#
      line(number, 1, at + latency, #""type":"handoff.attempt_failed","attempt":1"# + error, &bytes)
      line(number, 2, at + latency * 2, #""type":"handoff.failed""# + error, &bytes)
    } else {
      line(number, 1, at + latency, #""type":"handoff.acknowledged","attempt":1"#, &bytes)
      line(number, 2, at + latency * 5, #""type":"handoff.completed""#, &bytes)
    }
  }

  private func line(_ number: Int, _ place: Int, _ at: Int64, _ rest: String, _ bytes: inout [UInt8]) {
    let head =
      #"{"schema_version":"1.0","event_id":"e\#(place)","handoff_id":"ho-\#(number)","occurred_at":"\#(Timestamp(microseconds: at).text)","#
    bytes.append(contentsOf: head.utf8)
    bytes.append(contentsOf: rest.utf8)
    bytes.append(contentsOf: "}\n".utf8)
  }

  private func initiated(_ number: Int) -> String {
    let from = Self.agent(number)
    let to = Self.agent(number + 1 + number / Self.agents % 3)
    let (reason, resolved) =
      isRare(number) ? ("recovery", number % 8) : ("specialization", 17 + number % 4)
    return
      #""type":"handoff.initiated","task_id":"task-\#(number / 4)","conversation_id":"c-\#(number / 40)","#
      + #""from_agent":"\#(from)","to_agent":"\#(to)","attempt":1,"hop":\#(number % 4 + 1),"kind":"warm","#
      + #""pattern":"sequential","reason":"\#(reason)","envelope":{"version":"2.0","bytes":5120,"#
      + #""strategy":"priority_trimming","tokens":{"budget":4000,"used":\#(2500 + number % 1500),"trimmed":0},"#
      + #""memory_refs":{"requested":20,"resolved":\#(resolved)},"#
      + #""sections":["task_context","memory_references","constraints"]}"#
  }

  /// Numbers that look like chance.
  static func mix(_ number: Int) -> UInt64 {
    var value = UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

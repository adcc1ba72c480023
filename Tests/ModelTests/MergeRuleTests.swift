import Model
import Testing

@Suite struct MergeRuleTests {
  @Test func `any order and any duplicates give the same record`() {
    for seed in UInt64(1)...400 {
      var random = Generator(seed: seed)
      let stories = randomStories(using: &random)
      let expected = HandoffRecord(stories).coded
      for _ in 0..<5 {
        let repeated = stories + (0..<3).compactMap { _ in stories.randomElement(using: &random) }
        let shuffled = HandoffRecord(repeated.shuffled(using: &random))
        #expect(shuffled.coded == expected, "seed \(seed)")
      }
    }
  }

  @Test func `the record equals one worked out naively from all its events`() {
    for seed in UInt64(1)...400 {
      var random = Generator(seed: seed)
      let stories = randomStories(using: &random)
      let record = HandoffRecord(stories.shuffled(using: &random))
      let naive = NaiveRecord(stories)
      #expect(record.life.state == naive.state, "seed \(seed)")
      for id in FactID.allCases where id.isMerged {
        #expect(record.text(of: id) == naive.facts[id], "seed \(seed), \(id)")
      }
    }
  }

  @Test func `splitting the events over stored halves gives the same record`() throws {
    for seed in UInt64(1)...200 {
      var random = Generator(seed: seed)
      let stories = randomStories(using: &random)
      var record = HandoffRecord()
      for story in stories.shuffled(using: &random) {
        record = try #require(HandoffRecord(coded: record.coded))
        _ = record.merge(try #require(story.frame))
      }
      #expect(record.coded == HandoffRecord(stories).coded, "seed \(seed)")
    }
  }

  @Test func `the same identity with the same content is a duplicate, with other content a conflict`() throws
  {
    var record = HandoffRecord()
    let first = Story(type: .initiated, id: "e1", at: 5, content: 1)
    let later = Story(type: .initiated, id: "e1", at: 9, content: 1)
    let other = Story(type: .failed, id: "e1", at: 5, content: 2)
    #expect(record.merge(try #require(first.frame)) == .merged)
    let before = record.coded
    #expect(record.merge(try #require(later.frame)) == .duplicate)
    #expect(record.merge(try #require(other.frame)) == .conflict)
    #expect(record.coded == before)
  }

  @Test func `a record takes no more events than its capacity`() throws {
    var record = HandoffRecord()
    for number in 0..<HandoffRecord.capacity {
      let story = Story(type: .step, id: "e\(number)", at: Int64(number))
      #expect(record.merge(try #require(story.frame)) == .merged)
    }
    #expect(record.merge(try #require(Story(type: .step, id: "more", at: 0).frame)) == .full)
    #expect(try #require(HandoffRecord(coded: record.coded)).eventCount == HandoffRecord.capacity)
  }

  @Test func `a whole replaces the earlier whole with all its parts`() {
    let record = HandoffRecord([
      Story(
        type: .attemptFailed, id: "a", at: 1,
        facts: [
          (.error, .json, #"{"class":"retryable","hint":"x"}"#), (.errorClass, .text, "retryable"),
          (.errorHint, .text, "x"),
        ]),
      Story(
        type: .failed, id: "b", at: 2,
        facts: [(.error, .json, #"{"class":"permanent"}"#), (.errorClass, .text, "permanent")]),
    ])
    #expect(record.text(of: .errorClass) == "permanent")
    #expect(record.text(of: .errorHint) == nil)
  }

  @Test func `damaged coding is refused, never a trap`() {
    var random = Generator(seed: 7)
    let coded = HandoffRecord(randomStories(using: &random)).coded
    for length in 0..<coded.count { #expect(HandoffRecord(coded: Array(coded[..<length])) == nil) }
    for _ in 0..<2000 {
      var damaged = coded
      damaged[Int.random(in: 0..<coded.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = HandoffRecord(coded: damaged)?.life
    }
  }
}

/// The rule in its plainest words: sort everything, later overwrites earlier.
struct NaiveRecord {
  var state: HandoffState?
  var facts: [FactID: String] = [:]

  init(_ stories: [Story]) {
    let sorted = stories.sorted { ($0.at, $0.type.rank, $0.id) < ($1.at, $1.type.rank, $1.id) }
    for story in sorted {
      if let next = story.type.state {
        let isWeak = next == .prepared || next == .initiated
        if !isWeak || state == nil || (state == .prepared && next == .initiated) { state = next }
      }
      for (id, _, value) in story.facts {
        if id.head == id { for known in FactID.allCases where known.head == id { facts[known] = nil } }
        facts[id] = value
      }
    }
  }
}

/// A small seeded generator, so that a failing round can be repeated.
struct Generator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private func randomStories(using random: inout Generator) -> [Story] {
  let types = EventType.allCases.filter { $0.subject == .handoff }
  return (0..<Int.random(in: 1...9, using: &random)).map { number in
    var facts: [(FactID, FactForm, String)] = []
    let singles: [FactID] = [.taskID, .fromAgent, .toAgent, .hop, .envelopeVersion, .envelopeBytes]
    for id in singles where Bool.random(using: &random) { facts.append((id, .text, "\(id)-\(number)")) }
    if Bool.random(using: &random) {
      facts.append((.error, .json, "{\"n\":\(number)}"))
      for part in [FactID.errorClass, .errorHint] where Bool.random(using: &random) {
        facts.append((part, .text, "\(part)-\(number)"))
      }
    }
    return Story(
      type: types.randomElement(using: &random) ?? .step,
      id: "e\(UInt8.random(in: 0...255, using: &random))-\(number)",
      at: Int64.random(in: 0...4, using: &random), facts: facts, content: UInt64(number))
  }
}

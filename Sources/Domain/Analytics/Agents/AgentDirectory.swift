import Hashing

// Who the agents are. Up to so many are kept by their true names; a new one beyond that takes the place
// of one that is idle and well, the longest unmentioned first, and only if there is none the place of
// one that is not. Which is the longest unmentioned is found as a clock does: places stand in a row, and
// one that was mentioned since it was put there goes to the end when its turn comes.

/// The agents known by name.
struct AgentDirectory: Sendable {
  private let capacity: Int
  private var index = HashIndex()
  private var hashes: [Hash128] = []
  private var order = SlotLists(lists: 1)
  /// When the place was put at the end of the row.
  private var queuedAt: [Int64] = []
  private(set) var agents: [Agent] = []
  private(set) var names: [String] = []
  /// What is wrong with each, in its own words.
  var issues: [[String]] = []
  /// What last failed towards each.
  var causes: [Cause?] = []
  var series: SeriesSet
  /// Names that found no series of their own.
  private(set) var withoutSeries: UInt64 = 0

  init(capacity: Int, series: SeriesSet) {
    self.capacity = min(max(1, capacity), AgentRef.mostAgents)
    self.series = series
  }

  // A plain `get` here and in the other tables: where a `_read` is not inlined, the compiler (6.3) reads a large value
  // after the accessor has ended, from memory that is given back.
  subscript(place: Int) -> Agent {
    get { agents[place] }
    _modify { yield &agents[place] }
  }

  /// The place of an agent, unless it has left since.
  @inline(__always)
  func place(of ref: AgentRef) -> Int? {
    guard ref.place < agents.count, agents[ref.place].generation == ref.generation else { return nil }
    return ref.place
  }

  /// The name of an agent, unless it has left since.
  func name(of ref: AgentRef) -> String? { place(of: ref).map { names[$0] } }

  @inline(__always)
  func ref(at place: Int) -> AgentRef { AgentRef(place: place, generation: agents[place].generation) }

  @inline(__always)
  func find(_ hash: Hash128) -> Int? { index.find(hash) { hashes[$0] == hash } }

  /// The agent of that name, which has just been mentioned; true if it is new.
  @inline(__always)
  mutating func mention(_ hash: Hash128, _ name: ArraySlice<UInt8>, at now: Int64) -> (AgentRef, isNew: Bool)
  {
    guard let place = find(hash) else { return (enter(hash, name, at: now), true) }
    agents[place].mentionedAt = now
    let series = agents[place].series
    self.series.touch(series, at: now)
    if series == SeriesSet.shared, self.series.mayHaveRoom(at: now) { seekSeries(place, at: now) }
    return (ref(at: place), false)
  }

  private mutating func seekSeries(_ place: Int, at now: Int64) {
    let (own, former) = series.series(for: names[place], hashes[place], at: now)
    if let former = self.place(of: former) { agents[former].series = SeriesSet.shared }
    agents[place].series = own
    series.bind(own, to: ref(at: place))
  }

  private mutating func enter(_ hash: Hash128, _ bytes: ArraySlice<UInt8>, at now: Int64) -> AgentRef {
    let place = room()
    let name = String(decoding: bytes, as: UTF8.self)
    var agent = Agent()
    agent.generation = agents[place].generation
    agent.mentionedAt = now
    agents[place] = agent
    names[place] = name
    hashes[place] = hash
    index.insert(hash, place)
    queue(place, at: now)
    seekSeries(place, at: now)
    if agents[place].series == SeriesSet.shared { withoutSeries &+= 1 }
    return ref(at: place)
  }

  /// Everything counted since the start back to 0, and series given anew: their names may have changed.
  mutating func restart(with series: SeriesSet, sinceStart: (Hash128) -> Agent?) {
    self.series = series
    for place in agents.indices {
      let known = sinceStart(hashes[place]) ?? Agent()
      agents[place].sent = known.sent
      agents[place].received = known.received
      agents[place].exhausted = known.exhausted
      agents[place].workFailed = known.workFailed
      agents[place].durationTime = known.durationTime
      guard index.find(hashes[place], { $0 == place }) != nil else { continue }
      seekSeries(place, at: agents[place].mentionedAt)
    }
  }

  private mutating func queue(_ place: Int, at now: Int64) {
    queuedAt[place] = now
    order.append(place, to: 0)
  }

  private mutating func room() -> Int {
    guard agents.count >= capacity else {
      agents.append(Agent())
      names.append("")
      hashes.append(Hash128(low: 0, high: 0))
      issues.append([])
      causes.append(nil)
      queuedAt.append(0)
      return agents.count - 1
    }
    let place = dispensable()
    index.remove(hashes[place], place)
    agents[place].generation &+= 1
    issues[place] = []
    causes[place] = nil
    return place
  }

  private mutating func dispensable() -> Int {
    var fallback: Int?
    for _ in 0..<64 {
      guard let place = order.head(of: 0) else { break }
      let isTouched = agents[place].mentionedAt > queuedAt[place]
      if !isTouched, agents[place].isIdleAndWell { return place }
      if !isTouched, fallback == nil { fallback = place }
      queue(place, at: agents[place].mentionedAt)
    }
    return fallback ?? order.head(of: 0) ?? 0
  }
}

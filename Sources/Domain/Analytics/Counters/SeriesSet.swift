import Hashing

/// The series of the exposition: one for each name of the capped set, and one that all others share.
///
/// First come, first kept. A name of which nothing was heard for a day makes room when another one comes;
/// its counters go with it, and are kept in sum only, so that totals never shrink.
struct SeriesSet: Sendable {
  private struct Place: Sendable {
    var name: String
    var hash: Hash128
    var mentionedAt: Int64
    var agent = AgentRef.none
  }

  private let most: Int
  private let idleAfter: Int64
  private var places: [Place] = []
  private(set) var counters: [AgentCounters]
  /// Not before this can a name have been idle for long enough.
  private var roomAt = Int64.min
  /// The counters of names that have made room, added up.
  private(set) var retired = AgentTotals()

  init(most: Int, idleAfter: Int64) {
    self.most = most
    self.idleAfter = idleAfter
    counters = [AgentCounters()]
  }

  /// The series that all names without one of their own share.
  static let shared: UInt16 = 0

  /// The number of series, the shared one counted.
  var count: Int { counters.count }

  /// The name of a series; nil for the shared one.
  func name(of series: Int) -> String? { series > 0 ? places[series - 1].name : nil }

  /// The agent of a series, as long as it is known.
  func agent(of series: Int) -> AgentRef { series > 0 ? places[series - 1].agent : .none }

  /// Notes which agent a series belongs to.
  mutating func bind(_ series: UInt16, to agent: AgentRef) {
    if series != Self.shared { places[Int(series) - 1].agent = agent }
  }

  subscript(series: UInt16) -> AgentCounters {
    get { counters[Int(series)] }
    _modify { yield &counters[Int(series)] }
  }

  @inline(__always)
  mutating func touch(_ series: UInt16, at now: Int64) {
    if series != Self.shared { places[Int(series) - 1].mentionedAt = now }
  }

  /// Whether it is worth asking again for a series.
  @inline(__always)
  func mayHaveRoom(at now: Int64) -> Bool { now >= roomAt }

  /// The series of a name: its own if it has one, or can have one now; and the agent that had it so far.
  mutating func series(for name: String, _ hash: Hash128, at now: Int64) -> (UInt16, former: AgentRef) {
    if let place = places.firstIndex(where: { $0.hash == hash }) {
      places[place].mentionedAt = now
      return (UInt16(truncatingIfNeeded: place + 1), .none)
    }
    let newcomer = Place(name: name, hash: hash, mentionedAt: now)
    if places.count < most {
      places.append(newcomer)
      counters.append(AgentCounters())
      return (UInt16(truncatingIfNeeded: places.count), .none)
    }
    guard let place = idlePlace(at: now) else { return (Self.shared, .none) }
    let former = places[place].agent
    retired.add(counters[place + 1])
    places[place] = newcomer
    let revision = counters[place + 1].revision
    counters[place + 1] = AgentCounters()
    counters[place + 1].revision = revision &+ 1
    return (UInt16(truncatingIfNeeded: place + 1), former)
  }

  private mutating func idlePlace(at now: Int64) -> Int? {
    guard now >= roomAt else { return nil }
    guard let place = places.indices.min(by: { places[$0].mentionedAt < places[$1].mentionedAt }) else {
      return nil
    }
    let due = places[place].mentionedAt &+ idleAfter
    if now >= due { return place }
    roomAt = due
    return nil
  }

  /// Every counter back to 0; the series stay.
  mutating func clear() {
    for series in counters.indices {
      let revision = counters[series].revision
      counters[series] = AgentCounters()
      counters[series].revision = revision &+ 1
    }
    retired = AgentTotals()
  }
}

import Hashing

/// The tasks that are remembered, up to a capacity; the one of which nothing was heard longest leaves first.
struct JourneyTable: Sendable {
  private let capacity: Int
  private let legsPerTask: Int
  private var index = HashIndex()
  private var journeys: [Journey] = []
  private var order = SlotLists(lists: 1)
  private var queuedAt: [Int64] = []
  private(set) var edges: NodePool<Edge>
  private(set) var stops: NodePool<Stop>
  var texts = TextStore()

  init(_ capacity: AnalyticsCapacity) {
    self.capacity = max(1, capacity.tasks)
    legsPerTask = min(max(1, capacity.legsPerTask), 255)
    edges = NodePool(capacity: capacity.legs)
    stops = NodePool(capacity: capacity.legs)
  }

  subscript(slot: Int) -> Journey {
    @inline(__always) get { journeys[slot] }
    @inline(__always) _modify { yield &journeys[slot] }
  }

  @inline(__always)
  func slot(of ref: TaskRef) -> Int? {
    guard !ref.isNone, journeys[Int(ref.slot)].generation == ref.generation else { return nil }
    return Int(ref.slot)
  }

  @inline(__always)
  func ref(at slot: Int) -> TaskRef {
    TaskRef(slot: UInt32(truncatingIfNeeded: slot), generation: journeys[slot].generation)
  }

  @inline(__always)
  func find(_ id: Hash128) -> Int? { index.find(id) { journeys[$0].id == id } }

  /// The task that has to leave before another can come; nil while there is room.
  mutating func dispensable() -> Int? {
    guard journeys.count >= capacity else { return nil }
    for _ in 0..<64 {
      guard let slot = order.head(of: 0), journeys[slot].touchedAt > queuedAt[slot] else { break }
      queue(slot)
    }
    return order.head(of: 0)
  }

  private mutating func queue(_ slot: Int) {
    queuedAt[slot] = journeys[slot].touchedAt
    order.append(slot, to: 0)
  }

  /// Forgets a task.
  mutating func forget(_ slot: Int) {
    index.remove(journeys[slot].id, slot)
    order.remove(slot)
    texts.forget(journeys[slot].text)
    edges.drop(journeys[slot].firstEdge)
    stops.drop(journeys[slot].firstStop)
    let generation = journeys[slot].generation
    journeys[slot] = Journey()
    journeys[slot].generation = generation &+ 1
  }

  /// Remembers a new task, in the place of one that was forgotten or in a new one.
  mutating func add(_ id: Hash128, text: ArraySlice<UInt8>, in place: Int?, at now: Int64) -> Int {
    let slot = place ?? journeys.count
    if place == nil {
      journeys.append(Journey())
      queuedAt.append(0)
    }
    journeys[slot].id = id
    journeys[slot].text = texts.keep(text)
    journeys[slot].touchedAt = now
    index.insert(id, slot)
    queue(slot)
    return slot
  }
}

extension JourneyTable {
  /// Notes that a handoff went from one agent to another; how many now have, or nil where there is no room.
  mutating func travel(_ slot: Int, from: AgentRef, to: AgentRef) -> Int? {
    let head = journeys[slot].firstEdge
    if let edge = edges.first(from: head, { $0.from == from && $0.to == to }) {
      edges[edge].travels = UInt16(clamping: Int(edges[edge].travels) + 1)
      return Int(edges[edge].travels)
    }
    guard Int(journeys[slot].edgeCount) < legsPerTask,
      let edge = edges.push(Edge(from: from, to: to, travels: 1), before: head)
    else { return nil }
    journeys[slot].firstEdge = edge
    journeys[slot].edgeCount += 1
    return 1
  }

  /// What is known of an agent within a task.
  @inline(__always)
  func stop(_ slot: Int, _ agent: AgentRef) -> Stop? {
    stops.first(from: journeys[slot].firstStop) { $0.agent == agent }.map { stops[$0] }
  }

  /// Changes what is known of an agent within a task; false where there is no room for it.
  mutating func change(_ slot: Int, _ agent: AgentRef, _ change: (inout Stop) -> Void) -> Bool {
    let head = journeys[slot].firstStop
    if let stop = stops.first(from: head, { $0.agent == agent }) {
      change(&stops[stop])
      return true
    }
    guard Int(journeys[slot].stopCount) < legsPerTask, let stop = stops.push(Stop(agent: agent), before: head)
    else { return false }
    journeys[slot].firstStop = stop
    journeys[slot].stopCount += 1
    change(&stops[stop])
    return true
  }
}

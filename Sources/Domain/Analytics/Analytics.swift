// The numbers, as one fold over the ordered log of accepted events.
//
//   frame ─▶ EventView ─▶ fold ─▶ handoffs, tasks      what is remembered to judge the next event
//                           ├───▶ counters, series     since the start; they only grow
//                           ├───▶ agents               state: active, overdue, rows, circuits, health
//                           └───▶ windows              slices of the last minutes; of selected handoffs as well
//   time ──▶ timer wheel ───┘                          overdue, timeout, idle, half-open, quiet tasks
//
// Two clocks, each for its own use. The state of a handoff follows `occurred_at`: `Life` is a function
// of the set of its events, so it does not depend on the order in which they came. Counters, windows,
// rows and circuits follow the order of receipt, which is the order of the log. The fold's own time is
// the time of receipt of the last event, or the last moment it was told to advance to; it never goes
// back. Before an event is folded, everything that was due until then happens, at the time at which it
// was due. So the state after some events is the same however often somebody called `advance`.
//
// Nothing is ever counted twice: each handoff carries a mark for each thing that is to be counted once.
// A handoff that has ended is remembered for a while, because events still come for it.
//
// Everything is bounded (`AnalyticsCapacity`): tables have capacities, names are capped, and what finds
// no room, or leaves before its time, is counted (`Overflow`). Ids are 128-bit hashes; their text is
// kept for open handoffs and for tasks only, in a store of cells. Folding allocates nothing once the
// tables have grown, apart from new agents and reports of health, validation and rollback.
//
// Several sidecars: what others saw comes in by `refresh`, which changes state but counts nothing, and
// by `complete`, which observes what only the two halves together tell (see Restart/).
import Hashing
public import Model

/// The state that all numbers are read off.
public struct Analytics: Sendable {
  /// What it goes by; its groupings grow when rules ask for more.
  public internal(set) var settings: AnalyticsSettings
  var times: FoldTimes
  /// The fold's own time.
  var now: Int64 = 0
  /// Whether what is being folded is too old for windows, circuits and instant alerts.
  var isLate = false

  var handoffs = HandoffTable()
  var journeys: JourneyTable
  var groups: GroupTable
  var agents: AgentDirectory
  var timers = TimerWheel()
  var counters: FleetCounters
  var gauges = Gauges()
  var fleet: FleetWindow
  var grouped: GroupWindow
  var selections: SelectionTable
  /// What the event being folded adds to windows.
  var delta = Delta()
  /// The table that the places of each event's facts are put into.
  var facts = SpareFacts()
  var sections = SectionMemory()
  /// The event being folded, while it is.
  var occasion: Occasion?
  var log: OccurrenceLog
  var reach = DatabaseReach.none
  /// Handoffs that are past their time and have to be looked up before they are called overdue.
  var unconfirmed: [UInt32] = []

  /// An analytics that has seen nothing.
  public init(_ settings: AnalyticsSettings = AnalyticsSettings()) {
    self.settings = settings
    let capacity = settings.capacity
    times = FoldTimes(settings)
    journeys = JourneyTable(capacity)
    groups = GroupTable(capacity: capacity.groups)
    let series = SeriesSet(
      most: min(capacity.exposedAgents, 60_000), idleAfter: capacity.exposedNameIdle.microseconds)
    agents = AgentDirectory(capacity: capacity.agents, series: series)
    counters = FleetCounters(capacity)
    let longest = settings.longestWindow.microseconds
    fleet = FleetWindow(width: settings.slice.microseconds, longest: longest)
    grouped = GroupWindow(
      width: settings.groupSlice.microseconds, longest: longest, mostRows: capacity.groupRows,
      mostPlaces: capacity.groupPlaces)
    selections = SelectionTable(settings.selections, settings)
    log = OccurrenceLog(most: capacity.occurrences)
  }

  /// Folds one event of the log; events are to come in the order of the log.
  public mutating func step(_ frame: EventFrame, receivedAt: Timestamp) {
    let event = EventView(
      frame, receivedAt: receivedAt.microseconds, lateAfter: times.lateAfter, facts: facts.take())
    fold(event)
    facts.give(event.release())
  }

  /// Keeps the windows that these settings ask for from now on, beside the groupings there are; what was before is not
  /// in them.
  public mutating func keepWindows(as wanted: AnalyticsSettings) {
    settings.dimensions.formUnion(wanted.dimensions)
    settings.quantileDimensions.formUnion(wanted.quantileDimensions)
    times = FoldTimes(settings)
    select(wanted.selections)
  }

  /// Lets time pass: everything that is due until then happens.
  public mutating func advance(to moment: Timestamp) {
    advance(to: moment.microseconds)
  }

  @inline(__always)
  mutating func advance(to moment: Int64) {
    while let (owner, due) = timers.next(until: moment) {
      now = max(now, due)
      fire(owner)
    }
    now = max(now, moment)
  }

  mutating func fold(_ event: borrowing EventView) {
    advance(to: event.receivedAt)
    isLate = event.isLate
    counters.countEvent(event.type)
    if isLate { counters.count(.lateEvents) }
    occasion = Occasion(event)
    switch event.type.subject {
    case .handoff: foldHandoff(event)
    case .agent: foldAgent(event)
    case .task: foldTask(event)
    case .conversation: if let agent = mention(.agent, of: event) { hear(agent, event) }
    }
    occasion = nil
    isLate = false
  }
}

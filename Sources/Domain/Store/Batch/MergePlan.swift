// What a batch does to the handoffs it speaks of: events are grouped by handoff, each group is merged into
// the record that is there, and each event is found to be new, a duplicate or a conflict.
//
// A group is a chain through `following`, so that grouping allocates nothing per handoff.
import Model

/// What became of one item.
enum ItemOutcome: UInt8, Sendable {
  case undecided
  case new
  case duplicate
  case conflict
  /// Its handoff holds as many events as it can.
  case full
  /// The record that is there cannot be read by this program.
  case unreadableRecord
}

/// One handoff of a batch.
struct HandoffGroup: Sendable {
  /// The handoff.
  let id: ArraySlice<UInt8>
  /// Its first and last item in the batch.
  fileprivate(set) var first: Int32
  fileprivate(set) var last: Int32
  /// The version of the record that is there; 0 where there is none.
  fileprivate(set) var version: Int64 = 0
  /// The record with the batch's events.
  fileprivate(set) var record = HandoffRecord()
  /// Whether the record differs from the one that is there.
  fileprivate(set) var isChanged = false
  fileprivate(set) var isReadable = true
  /// What these events completed.
  fileprivate(set) var pairs: StoredPairs = []
  /// The life of the record with the batch's events; nil while it does not differ from the one that is there.
  fileprivate(set) var life: HandoffLife?
  /// What the rollups hold of the record that is there, and what they are to hold.
  fileprivate(set) var former: Contribution?
  fileprivate(set) var present: Contribution?
  /// How they hold that: as the row that is there says, and as the new one is to say.
  fileprivate(set) var formerlyRolled: RolledPlaces = []
  fileprivate(set) var rolled: RolledPlaces = []
  /// Where the new record is counted; nil while it does not differ from the one that is there.
  fileprivate(set) var places: PairPlaces?
}

/// The handoffs of a run of items, with what becomes of each.
struct MergePlan: Sendable {
  let items: ArraySlice<BatchItem>
  /// In the order in which they are first met.
  private(set) var groups: [HandoffGroup] = []
  /// The numbers of the groups in the order of their ids, in which every sidecar locks them.
  private(set) var order: [Int] = []
  /// What became of each item, counted from the first; stays undecided for what is not about a handoff.
  private(set) var outcomes: [ItemOutcome]
  /// Items about agents, tasks and conversations.
  private(set) var subjects: [Int] = []
  private var following: [Int32]
  private var table: IDTable

  /// Groups items by handoff.
  init(_ items: ArraySlice<BatchItem>, seed: UInt64) {
    self.items = items
    outcomes = Array(repeating: .undecided, count: items.count)
    following = Array(repeating: -1, count: items.count)
    table = IDTable(seed: seed, capacity: items.count)
    for position in items.indices { place(position - items.startIndex, items[position].frame) }
    let groups = groups
    order = groups.indices.sorted { groups[$0].id.lexicographicallyPrecedes(groups[$1].id) }
  }

  private mutating func place(_ number: Int, _ frame: EventFrame) {
    guard frame.type.subject == .handoff, let id = frame.value(of: .handoffID) else {
      subjects.append(number)
      return
    }
    let (group, isNew) = table.number(for: id)
    if isNew {
      groups.append(HandoffGroup(id: id, first: Int32(number), last: Int32(number)))
    } else {
      following[Int(groups[group].last)] = Int32(number)
      groups[group].last = Int32(number)
    }
  }

  /// The item at a number that `outcomes` and `subjects` count by.
  func item(_ number: Int) -> BatchItem { items[items.startIndex + number] }

  /// Calls `body` with the number of each item of a group, in order of receipt.
  func forEachItem(of group: HandoffGroup, _ body: (Int) -> Void) {
    var number = group.first
    while number >= 0 {
      body(Int(number))
      number = following[Int(number)]
    }
  }

  /// When the last of a group's items was received.
  func lastReceipt(of group: HandoffGroup) -> Timestamp? {
    group.last >= 0 ? item(Int(group.last)).receivedAt : nil
  }

  /// The group of a handoff.
  func group(of id: ArraySlice<UInt8>) -> Int? { table.number(of: id) }

  /// Notes the record that is there for a group; nil bytes stand for none.
  mutating func load(_ group: Int, version: Int64, coded: [UInt8]?, rolled: RolledPlaces = []) {
    groups[group].version = version
    groups[group].formerlyRolled = rolled
    if let coded {
      let record = HandoffRecord(coded: coded)
      groups[group].isReadable = record != nil
      groups[group].record = record ?? HandoffRecord()
    } else {
      groups[group].isReadable = true
      groups[group].record = HandoffRecord()
    }
  }

  /// Merges the batch's events into the record of a group as it was loaded.
  ///
  /// Whoever notes pairs pays for it; a record that was not there is known here as a whole.
  mutating func merge(_ group: Int, notingPairs: Bool = false) {
    groups[group].isChanged = false
    groups[group].life = nil
    groups[group].places = nil
    let former = lifeBefore(group)
    var number = groups[group].first
    while number >= 0 {
      let outcome =
        groups[group].isReadable ? outcome(ofMerging: Int(number), into: group) : .unreadableRecord
      outcomes[Int(number)] = outcome
      if outcome == .new { groups[group].isChanged = true }
      number = following[Int(number)]
    }
    guard groups[group].isChanged else {
      groups[group].pairs = []
      return
    }
    let life = groups[group].record.life
    groups[group].life = life
    groups[group].pairs =
      notingPairs ? former.map { StoredPairs(life).subtracting(StoredPairs($0)) } ?? [] : []
    groups[group].present = Contribution(groups[group].record, life)
  }

  /// The life of the record that is there, with what the rollups were given for it.
  private mutating func lifeBefore(_ group: Int) -> HandoffLife? {
    groups[group].former = nil
    guard groups[group].version > 0 else { return nil }
    let life = groups[group].record.life
    groups[group].former = Contribution(groups[group].record, life)
    return life
  }

  /// Settles where in the rollups a changed record counts; `now` is this minute.
  mutating func roll(_ group: Int, _ pairs: inout PairTable, now: Int64) {
    let (places, rolled) =
      groups[group].present?.places(in: groups[group].record.bytes, &pairs, now: now) ?? (PairPlaces(), [])
    groups[group].places = places
    groups[group].rolled = rolled
  }

  /// The handoffs of which these events completed something.
  var completed: [CompletedHandoff] {
    groups.filter { $0.isChanged && !$0.pairs.isEmpty }
      .map { CompletedHandoff(id: Array($0.id), record: $0.record, pairs: $0.pairs) }
  }

  private mutating func outcome(ofMerging number: Int, into group: Int) -> ItemOutcome {
    switch groups[group].record.merge(items[items.startIndex + number].frame) {
    case .merged: .new
    case .duplicate: .duplicate
    case .conflict: .conflict
    case .full: .full
    }
  }
}

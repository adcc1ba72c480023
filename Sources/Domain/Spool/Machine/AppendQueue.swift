/// Records in the order in which they came, and how much memory they and those on their way take.
struct AppendQueue: Sendable {
  private var waiting: [Pending] = []
  /// The index of the first that waits; those before were taken.
  private var head = 0
  /// What they will take on the disk.
  private(set) var footprint = 0
  /// What they take in memory, with those that were taken and not answered.
  private(set) var weight = 0

  var isEmpty: Bool { head == waiting.count }
  var first: Pending? { isEmpty ? nil : waiting[head] }

  mutating func add(_ record: Pending) {
    waiting.append(record)
    footprint += record.footprint
    weight += record.weight
  }

  /// The first records that fit into `bytes`: none, if even the first does not.
  mutating func take(_ bytes: Int) -> [Pending] {
    var end = head
    var taken = 0
    while end < waiting.count, taken + waiting[end].footprint <= bytes {
      taken += waiting[end].footprint
      end += 1
    }
    footprint -= taken
    // The usual case: all of them, without copying.
    if head == 0, end == waiting.count {
      defer { waiting = [] }
      return waiting
    }
    let group = Array(waiting[head..<end])
    head = end
    if head == waiting.count || head > 4_096 {
      waiting.removeFirst(head)
      head = 0
    }
    return group
  }

  mutating func takeAll() -> [Pending] {
    take(.max)
  }

  /// So much was answered.
  mutating func answered(_ records: [Pending]) {
    weight -= records.reduce(0) { $0 + $1.weight }
  }
}

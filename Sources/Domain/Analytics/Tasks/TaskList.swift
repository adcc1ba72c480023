/// A list of handoffs that a task keeps.
///
/// A handoff may be in both: what was acknowledged, failed, and is acknowledged again.
enum TaskList: Int {
  /// Acknowledged and not ended.
  case held
  /// Failed, and nothing was done about it yet.
  case undecided

  /// What a handoff that is in it is marked with.
  var mark: Handoff.Marks { self == .held ? .held : .amongUndecided }
}

extension Analytics {
  /// The handoffs of a task that are in a list, the latest first.
  @inline(__always)
  func slots(of task: Int, in list: TaskList) -> [Int] {
    var slots: [Int] = []
    var at = journeys[task].first[list.rawValue]
    while at != SlotLists.none {
      slots.append(Int(at))
      at = handoffs[Int(at)].nextInTask[list.rawValue]
    }
    return slots
  }

  /// Puts a handoff into a list of its task, or takes it out.
  mutating func enlist(_ slot: Int, _ list: TaskList, _ isIn: Bool) {
    guard isIn != handoffs[slot].marks.contains(list.mark) else { return }
    guard let task = journeys.slot(of: handoffs[slot].task) else {
      handoffs[slot].marks.remove(list.mark)
      return
    }
    if isIn { link(slot, list, task) } else { unlink(slot, list, task) }
  }

  private mutating func link(_ slot: Int, _ list: TaskList, _ task: Int) {
    let place = list.rawValue
    guard journeys[task].count[place] < 255 else { return }
    let head = journeys[task].first[place]
    handoffs[slot].marks.insert(list.mark)
    handoffs[slot].nextInTask[place] = head
    handoffs[slot].previousInTask[place] = SlotLists.none
    if head != SlotLists.none { handoffs[Int(head)].previousInTask[place] = UInt32(truncatingIfNeeded: slot) }
    journeys[task].first[place] = UInt32(truncatingIfNeeded: slot)
    journeys[task].count[place] += 1
  }

  private mutating func unlink(_ slot: Int, _ list: TaskList, _ task: Int) {
    let place = list.rawValue
    let (next, previous) = (handoffs[slot].nextInTask[place], handoffs[slot].previousInTask[place])
    handoffs[slot].marks.remove(list.mark)
    if next != SlotLists.none { handoffs[Int(next)].previousInTask[place] = previous }
    if previous == SlotLists.none {
      journeys[task].first[place] = next
    } else {
      handoffs[Int(previous)].nextInTask[place] = next
    }
    journeys[task].count[place] -= 1
  }
}

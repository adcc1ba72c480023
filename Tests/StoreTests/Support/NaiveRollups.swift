import Model

@testable import Store

/// The history of figures, worked out record by record as it is defined, without a database.
struct NaiveRollups {
  /// A minute, and who sent to whom.
  struct Place: Hashable {
    var minute: Int64
    var from: String
    var to: String
  }

  /// What is counted there: counts by column, and the values that were observed.
  struct Figures: Equatable {
    var counts: [String: Int64] = [:]
    var values: [RollupMeasure: [Double]] = [:]

    mutating func add(_ other: Figures) {
      counts.merge(other.counts, uniquingKeysWith: +)
      values.merge(other.values, uniquingKeysWith: +)
    }
  }

  private(set) var figures: [Place: Figures] = [:]

  init(_ events: [Occurrence]) {
    for coded in events.records.values {
      if let record = HandoffRecord(coded: coded) { add(record) }
    }
  }

  /// All handoffs by minute; whom a handoff was taken from counts for that pair alone.
  var all: [Int64: Figures] {
    var all: [Int64: Figures] = [:]
    for (place, figures) in figures {
      var figures = figures
      figures.counts["diverted"] = nil
      all[place.minute, default: Figures()].add(figures)
    }
    return all.filter { !$0.value.counts.isEmpty }
  }

  private mutating func count(_ column: String, _ place: Place, _ amount: Int64 = 1) {
    if amount != 0 { figures[place, default: Figures()].counts[column, default: 0] += amount }
  }

  private mutating func add(_ record: HandoffRecord) {
    let life = record.life
    let from = record.text(of: .fromAgent) ?? ""
    let to = record.text(of: .toAgent) ?? ""
    func place(_ moment: Timestamp, _ to: String) -> Place {
      Place(
        minute: (moment.microseconds - moment.microseconds % 60_000_000) / 60_000_000, from: from, to: to)
    }
    if let start = life.initiatedAt { count("started", place(start, to)) }
    if let original = record.text(of: .originalToAgent), original != to,
      let moment = record.moments.last(where: { $0.type == .rerouted })
    {
      count("diverted", place(moment.occurredAt, original))
    }
    guard let (outcome, moment) = conclusion(record, life) else { return }
    let there = place(moment, to)
    count(outcome, there)
    if life.state == .completed { count("completed", there) }
    if life.state == .failed, outcome == "delivered" { count("work_failed", there) }
    measure(record, life, there)
  }

  private mutating func measure(_ record: HandoffRecord, _ life: HandoffLife, _ place: Place) {
    if let latency = life.acknowledgementLatency {
      count("ack_latency_us", place, latency)
      figures[place, default: Figures()].values[.latency, default: []].append(Double(latency) / 1e6)
    }
    if let duration = life.duration {
      count("duration_us", place, duration)
      figures[place, default: Figures()].values[.duration, default: []].append(Double(duration) / 1e6)
    }
    for (measure, whole, part, columns) in [
      (
        RollupMeasure.completeness, FactID.memoryRequested, FactID.memoryResolved,
        ("refs_requested", "refs_resolved")
      ), (.utilization, .tokensBudget, .tokensUsed, ("tokens_budget", "tokens_used")),
    ] {
      guard let all = record.integer(of: whole), all > 0, let some = record.integer(of: part) else {
        continue
      }
      count(columns.0, place, all)
      count(columns.1, place, some)
      figures[place, default: Figures()].values[measure, default: []].append(Double(some) / Double(all))
    }
  }

  private func conclusion(_ record: HandoffRecord, _ life: HandoffLife) -> (String, Timestamp)? {
    let moments = record.moments
    func first(_ types: [EventType]) -> RecordMoment? { moments.first { types.contains($0.type) } }
    if let event = first([.acknowledged, .received, .resumed, .completed]) {
      return ("delivered", event.occurredAt)
    }
    if let event = first([.failed, .parked, .expired, .rerouted]) {
      return (String(event.type.name.dropFirst("handoff.".count)), event.occurredAt)
    }
    let end = first([.rejected, .cancelled, .rolledBack, .resolved])
    let sent = moments.last { [.initiated, .replayed, .rerouted].contains($0.type) }?.occurredAt
    if let end, let ended = life.endedAt ?? (sent == nil ? end.occurredAt : nil),
      sent.map({ ended.microseconds - $0.microseconds <= 600_000_000 }) ?? true
    {
      return (end.type == .rejected ? "rejected" : "cancelled", end.occurredAt)
    }
    return sent.map { ("timeout", Timestamp(microseconds: $0.microseconds + 600_000_000)) }
  }
}

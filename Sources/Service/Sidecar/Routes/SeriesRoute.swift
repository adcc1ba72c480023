import Bytes
import Configuration
import HTTPServer
import Model
import Store
import Wording

/// History, from the rollups: what the handoffs of some time came to, point by point.
struct SeriesRoute: Sendable {
  let fleet: FleetView

  private static let steps: [Duration] = [
    .minutes(1), .minutes(5), .minutes(15), .hours(1), .hours(6), .days(1), .days(7),
  ]
  /// So many points are enough where nobody says how many.
  private static let usualPoints = 400

  var routes: [Route] {
    [Route("GET", "/v1/series") { request, reply in answer(request, reply) }]
  }

  private func answer(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let metric = query.need(Self.metric)
    let percentiles = query.read(Self.percentiles) ?? []
    var question = question(&query)
    if let refusal = query.refusal { return reply.send(refusal) }
    guard let metric else { return }
    if let fault = fault(of: question) { return reply.send(.problem(400, fault)) }
    question.measure = metric.measure
    fleet.readers.ask(reply) { [question] queries throws(StoreError) in
      SeriesPage(answer: try queries.series(question), metric: metric, percentiles: percentiles).response
    }
  }

  // MARK: the question

  private func question(_ query: inout QueryReader) -> SeriesQuestion {
    let now = fleet.clock.now
    let until = query.read(Self.until) ?? now
    let since =
      query.read(Self.since)
      ?? Timestamp(microseconds: until.microseconds &- Duration.hours(24).wholeMicroseconds)
    let step = query.read(Self.step) ?? step(from: since, to: until)
    var question = SeriesQuestion(since: since, until: until, step: step, now: now)
    question.agent = query.read(Self.agent)
    question.fromAgent = query.read(Self.fromAgent)
    question.toAgent = query.read(Self.toAgent)
    question.grouping = query.read(Self.grouping)
    let most = question.points > 0 ? StoreQueries.mostPointsOfAll / question.points : StoreQueries.mostSeries
    question.limit = max(1, min(query.read(Self.limit), most))
    return question
  }

  /// A step that makes a few hundred points, and that there is history for.
  private func step(from since: Timestamp, to until: Timestamp) -> Duration {
    let length = max(0, until.microseconds &- since.microseconds)
    let isLongAgo = since < keptByMinute
    return Self.steps.first {
      length / $0.wholeMicroseconds <= Self.usualPoints && (!isLongAgo || $0 >= .hours(1))
    } ?? .days(7)
  }

  /// Since when there is history by the minute.
  private var keptByMinute: Timestamp { fleet.clock.since(fleet.retention) }

  private func fault(of question: SeriesQuestion) -> String? {
    let times = "from \(question.since.text) to \(question.until.text)"
    if question.until <= question.since { return "there is no time \(times): since must be before until" }
    if question.points > StoreQueries.mostPoints {
      return "\(times) by \(DurationText.show(question.step)) is \(question.points) points; "
        + "an answer has at most \(StoreQueries.mostPoints): ask for a longer step or less time"
    }
    let kept = keptByMinute
    if question.step.components.seconds % 3_600 != 0, question.moment(of: 1) < kept {
      return
        "steps that are not whole hours reach back \(DurationText.show(fleet.retention)), to \(kept.text); "
        + "ask for whole hours or days beyond that"
    }
    return nil
  }
}

/// A percentile that was asked for by number.
struct Percentile: Sendable {
  /// As it was written.
  let text: String
  let share: Double

  /// One to ten of them between commas; nil where that is something else.
  static func list(_ text: String) -> [Percentile]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    var all: [Percentile] = []
    for part in parts {
      guard let one = Percentile(String(part)) else { return nil }
      if !all.contains(where: { $0.text == one.text }) { all.append(one) }
    }
    return (1...10).contains(parts.count) ? all : nil
  }

  init?(_ text: String) {
    guard let number = Double(text), (0...100).contains(number), text.allSatisfy({ $0.isNumber || $0 == "." })
    else { return nil }
    self.text = text
    share = number / 100
  }
}

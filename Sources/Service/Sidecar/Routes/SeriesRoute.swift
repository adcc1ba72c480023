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
    var query = QueryReader(
      request,
      known: [
        "metric", "group_by", "since", "until", "step", "agent", "from_agent", "to_agent", "percentiles",
        "limit",
      ])
    let metric = query.read(
      "metric", "one of " + SeriesMetric.allCases.map(\.rawValue).joined(separator: ", ")
    ) {
      SeriesMetric(name: $0)
    }
    let percentiles = percentiles(&query)
    let question = question(&query)
    if let refusal = query.refusal { return reply.send(refusal) }
    guard let metric else {
      return reply.send(
        .problem(
          400,
          "say which metric, such as metric=ack_latency_seconds; there are "
            + SeriesMetric.allCases.map(\.rawValue).joined(separator: ", ")))
    }
    if let fault = fault(of: question) { return reply.send(.problem(400, fault)) }
    var asked = question
    asked.measure = metric.measure
    let final = asked
    fleet.readers.ask(reply) { queries throws(StoreError) in
      SeriesPage(answer: try queries.series(final), metric: metric, percentiles: percentiles).response
    }
  }

  // MARK: the question

  private func question(_ query: inout QueryReader) -> SeriesQuestion {
    let now = fleet.clock.now
    let until = query.moment("until") ?? now
    let since =
      query.moment("since")
      ?? Timestamp(microseconds: until.microseconds &- Duration.hours(24).wholeMicroseconds)
    let step =
      query.read("step", "a duration of whole minutes, such as 5m, 1h or 1d") { text in
        DurationText.parse(text).flatMap {
          (.minutes(1) ... .days(366)).contains($0) && $0.components.seconds % 60 == 0
            && $0.components.attoseconds == 0 ? $0 : nil
        }
      } ?? Self.step(from: since, to: until)
    var question = SeriesQuestion(since: since, until: until, step: step, now: now)
    question.agent = query.text("agent")
    question.fromAgent = query.text("from_agent")
    question.toAgent = query.text("to_agent")
    question.grouping = query.word(
      "group_by",
      SeriesQuestion.Grouping.allCases.map { ($0.rawValue, $0) } + [("from_agent,to_agent", .pair)])
    let most = question.points > 0 ? StoreQueries.mostPointsOfAll / question.points : StoreQueries.mostSeries
    let limit = query.count("limit", 1...StoreQueries.mostSeries) ?? 10
    question.limit = max(1, min(limit, most))
    return question
  }

  private static func step(from since: Timestamp, to until: Timestamp) -> Duration {
    let length = max(0, until.microseconds &- since.microseconds)
    return steps.first { length / $0.wholeMicroseconds <= usualPoints } ?? .days(7)
  }

  private func percentiles(_ query: inout QueryReader) -> [Percentile] {
    query.read("percentiles", "one to ten numbers from 0 to 100 between commas, such as 50,95,99.9") { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let read = parts.compactMap { Percentile(String($0)) }
      return (1...10).contains(parts.count) && read.count == parts.count ? read : nil
    } ?? []
  }

  private func fault(of question: SeriesQuestion) -> String? {
    let times = "from \(question.since.text) to \(question.until.text)"
    if question.until <= question.since { return "there is no time \(times): since must be before until" }
    if question.points > StoreQueries.mostPoints {
      return "\(times) by \(DurationText.show(question.step)) is \(question.points) points; "
        + "an answer has at most \(StoreQueries.mostPoints): ask for a longer step or less time"
    }
    let kept = fleet.clock.since(fleet.retention)
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

  init?(_ text: String) {
    guard let number = Double(text), (0...100).contains(number), text.allSatisfy({ $0.isNumber || $0 == "." })
    else { return nil }
    self.text = text
    share = number / 100
  }
}

import Store
import Wording

extension SeriesRoute {
  static let metric = Parameter<SeriesMetric>(
    "metric", "What is told; the name of the family on `/metrics` is understood, too.",
    .words(SeriesMetric.allCases.map(\.rawValue)), example: SeriesMetric.acknowledgement.rawValue,
    wanted: "one of " + SeriesMetric.allCases.map(\.rawValue).joined(separator: ", ")
  ) { SeriesMetric(name: $0) }.needed
  static let grouping = Parameter<SeriesQuestion.Grouping>.word(
    "group_by", SeriesQuestion.Grouping.allCases.map { ($0.rawValue, $0) },
    "What series are told apart by; one of all handoffs by itself.", example: "to_agent")
  static let since = Parameter.moment(
    "since", "The first moment, widened to a whole step; a day before the last by itself.",
    example: "2026-11-20T00:00:00Z")
  static let until = Parameter.moment(
    "until", "The moment behind the last one, widened likewise; now by itself.",
    example: "2026-11-21T00:00:00Z")
  static let step = Parameter<Duration>(
    "step",
    """
    How long a point is, in whole minutes; what makes a few hundred points by itself. Whole hours reach back as far as \
    history is kept, other steps as far as events are.
    """, .duration, example: "1h", wanted: "a duration of whole minutes, such as 5m, 1h or 1d"
  ) { text in DurationText.parse(text).flatMap { isStep($0) ? $0 : nil } }
  static let agent = Parameter.text("agent", "Handoffs this agent sent or received.", example: "coder")
  static let fromAgent = Parameter.text("from_agent", "Handoffs this agent sent.", example: "planner")
  static let toAgent = Parameter.text("to_agent", "Handoffs this agent received.", example: "coder")
  static let percentiles = Parameter<[Percentile]>(
    "percentiles", "Percentiles to tell beside the 50th, 95th and 99th: one to ten numbers between commas.",
    .text.matching(#"^(100|[0-9]{1,2}(\.[0-9]+)?)(,(100|[0-9]{1,2}(\.[0-9]+)?)){0,9}$"#), example: "90,99.9",
    wanted: "one to ten numbers from 0 to 100 between commas, such as 50,95,99.9"
  ) { Percentile.list($0) }
  static let limit = Parameter<Int>.count(
    "limit", 1...StoreQueries.mostSeries, "The most series of the answer, those with the most handoffs."
  ).or(10, 10)

  static let parameters: [any QueryParameter] = [
    metric, grouping, since, until, step, agent, fromAgent, toAgent, percentiles, limit,
  ]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/series", id: "readSeries", tag: .numbers, summary: "Read history",
      detail: """
        What the handoffs came to that were concluded in each step of some time: counts, ratios, and how times and \
        ratios lie. A handoff nobody answers is concluded ten minutes after it was sent. History is of all sidecars, \
        and corrected when more is heard of a handoff.
        """,
      query: parameters, answers: [.good("History.", .named("SeriesAnswer")), .badQuery, .away, .other])
  ]

  private static func isStep(_ length: Duration) -> Bool {
    let (seconds, attoseconds) = length.components
    return (.minutes(1) ... .days(366)).contains(length) && seconds % 60 == 0 && attoseconds == 0
  }
}

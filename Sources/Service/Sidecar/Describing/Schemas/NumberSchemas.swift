import Store

extension Schema {
  /// What many handoffs come to.
  static let numbers: [(String, Schema)] = [
    ("ActivePage", activePage), ("Summary", summary), ("Spread", spread),
    ("SeriesAnswer", seriesAnswer), ("SeriesPoint", seriesPoint),
  ]

  private static let activePage = whole([
    ("scope", scope), ("handoffs", list(named("ActiveHandoff")).meaning("The oldest first.")),
    ("total", count.meaning("How many there are on all pages, counted up to 100000.")),
    ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let outcomes: [(String, Schema)] = [
    ("total", count.meaning("Handoffs that were sent.")), ("delivered", count), ("exhausted", count),
    ("completed", count), ("success_rate", share.orNull), ("failure_ratio", share.orNull),
  ]

  private static let summary = whole([
    ("window", duration.meaning("What was summed up, back from now.")), ("scope", scope),
    ("handoffs", whole(outcomes)), ("ack_latency_seconds", named("Spread")),
    ("duration_seconds", named("Spread")), ("completeness", share.orNull),
    ("token_utilization", measure.orNull),
    ("hops", whole([("mean", measure.orNull), ("max", measure.orNull)])), ("validation_errors", count),
    (
      "agents",
      map(
        whole(
          outcomes + [
            ("completeness", share.orNull), ("token_utilization", measure.orNull),
            ("ack_latency_seconds", named("Spread")),
          ])
      ).meaning("By receiver.")
    ), ("kinds", ways.meaning("By kind.")),
    ("strategies", ways.meaning("By how envelopes were packed.")), ("as_of", asOf),
  ])

  private static let ways = map(
    whole(
      outcomes + [
        ("completeness", share.orNull), ("token_utilization", measure.orNull),
        ("average_ack_latency_seconds", measure.orNull),
      ]))

  private static let seriesAnswer = whole([
    ("metric", words(SeriesMetric.allCases.map(\.rawValue))),
    ("unit", words(["handoffs", "seconds", "ratio"])), ("since", moment), ("until", moment),
    ("step", duration.meaning("How long a point is.")),
    ("group_by", anyOf([words(SeriesQuestion.Grouping.allCases.map(\.rawValue)), null])),
    (
      "series",
      list(
        whole([
          ("from_agent", text.orNull), ("to_agent", text.orNull), ("points", list(named("SeriesPoint"))),
        ])
      ).meaning("Those with the most handoffs first; a name that is not known is empty.")
    ),
    (
      "partial",
      flag.meaning("Whether there are more series, or handoffs of pairs of agents that are not told apart.")
    ), ("as_of", asOf),
  ])

  private static let seriesPoint = object(
    [
      ("at", moment.meaning("When it begins.")),
      ("value", number.orNull.meaning("A count, a ratio or an average; null where there is none.")),
      ("count", count.meaning("What was observed, where there are percentiles, in number.")),
      ("total", measure.orNull.meaning("All of it together, in seconds; null of ratios.")),
    ] + ["average", "min", "max", "p50", "p95", "p99"].map { ($0, measure.orNull) },
    required: ["at", "value"]
  ).open.meaning(
    "Times and ratios have percentiles, with an error of less than 1 %, those that were asked for among them."
  )

  private static let spread = whole(
    [("count", count), ("total", measure)]
      + ["average", "min", "max", "p50", "p95", "p99"].map { ($0, measure.orNull) }
  ).meaning("How times lie, in seconds; percentiles have an error of less than 1 %.")
}

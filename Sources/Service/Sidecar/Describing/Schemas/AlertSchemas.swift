import Alerts

extension Schema {
  /// Alerts.
  static let alerts: [(String, Schema)] = [
    ("AlertList", alertList), ("AlertTransitionPage", transitionPage),
  ]

  private static let common: [(String, Schema)] = [
    ("alert", text.meaning("The name of its rule.")), ("severity", words(Severity.allCases.map(\.rawValue))),
    ("state", words(Alert.State.allCases.map(\.rawValue))), ("labels", map(text)), ("annotations", map(text)),
    ("value", number.orNull.meaning("What was measured; null where nothing could be.")),
    ("threshold", number.orNull), ("since", moment), ("fingerprint", text.meaning("Its identity.")),
    ("events", list(text).meaning("The ids of the events that brought it about.")),
  ]

  private static let alertList = whole([
    (
      "alerts",
      list(
        whole(common + [("inhibited_by", text.orNull.meaning("The alert because of which it is silent."))]))
    ), ("total", count),
  ])

  private static let transitionPage = whole([
    (
      "transitions",
      list(
        whole(common + [("at", moment), ("notified", flag.meaning("Whether anybody was told."))]))
    ), ("next_cursor", nextCursor),
  ])
}

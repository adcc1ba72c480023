import Exposition

extension Catalogue {
  /// Alerts and notifications.
  static let alerting: [Definition] = [
    Definition(
      .alerts, .gauge, by: [.rule, .alertSeverity, .alertState], "Alerts that are pending or firing now."),
    Definition(
      .alertTransitions, .counter, by: [.alertSeverity, .alertTransition], "Times an alert entered a state."),
    Definition(.ruleEvaluations, .counter, by: [.rule], "Evaluations of a rule."),
    Definition(.ruleEvaluationFailures, .counter, by: [.rule], "Evaluations of a rule that failed."),
    Definition(.ruleLastEvaluation, .gauge, "When the rules were last evaluated."),
    Definition(
      .ruleValue, .gauge, by: [.rule], "What a rule without groups last saw; NaN where it could not tell."),
    Definition(.notifications, .counter, by: [.receiver], "Notifications delivered to a receiver."),
    Definition(
      .notificationsFailed, .counter, by: [.receiver, .notificationFailure],
      "Notifications that were given up."),
    Definition(
      .notificationAttempts, .counter, by: [.receiver],
      "Attempts to deliver a notification, the first included."),
    Definition(
      .notificationDuration, .histogram, by: [.receiver], bounds: BucketBounds.answer,
      "Time an attempt to deliver a notification took."),
    Definition(.notificationQueueLength, .gauge, by: [.receiver], "Notifications waiting for a receiver."),
  ]
}

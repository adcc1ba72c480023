import Analytics
import Exposition
import Model

extension Catalogue {
  /// Handoffs and their life.
  static let handoffs: [Definition] = [
    Definition(
      .events, .counter, by: [LabelRange("event", EventType.allCases.map(\.name))],
      "Events accepted by this sidecar, without duplicates that were known here."),
    Definition(
      .lateEvents, .counter,
      "Events older than five minutes when they were received: in records and counters, but in no window."),
    Definition(
      .started, .counter, by: [.toAgent, .pattern], "Handoffs initiated, by the agent they were sent to."),
    Definition(.sent, .counter, by: [.fromAgent], "Handoffs initiated, by the agent that sent them."),
    Definition(
      .finished, .counter, by: [.toAgent, .outcome],
      "Handoffs concluded, each counted once: when first delivered, or first ended without delivery."),
    Definition(
      .completed, .counter, by: [.toAgent], "Handoffs whose receiver took them and finished the work."),
    Definition(
      .workFailed, .counter, by: [.toAgent], "Handoffs whose receiver took them and failed at the work."),
    Definition(
      .failures, .counter, by: [.toAgent, .failureReason],
      "Handoffs exhausted without having been delivered, by what the last error was."),
    Definition(
      .reasons, .counter, by: [.handoffReason, .kind], "Handoffs initiated, by why and how they were made."),
    Definition(
      .attempts, .counter, by: [.toAgent], "Attempts to deliver a handoff, the first of each included."),
    Definition(.retries, .counter, by: [.toAgent], "Attempts to deliver a handoff after the first."),
    Definition(
      .errors, .counter, by: [.toAgent, .errorClass], "Delivery attempts that failed, by class of error."),
    Definition(
      .rerouted, .counter, by: [.toAgent],
      "Handoffs sent on to a fallback, by the agent they were taken from."),
    Definition(.escalated, .counter, by: [.toAgent], "Handoffs passed up the chain of escalation."),
    Definition(.rolledBack, .counter, by: [.toAgent], "Handoffs that were rolled back."),
    Definition(.active, .gauge, by: [.toAgent], "Handoffs that have begun and not ended."),
    Definition(
      .overdue, .gauge, by: [.toAgent],
      "Handoffs neither acknowledged nor ended within the acknowledgement timeout."),
    Definition(
      .failureDecisions, .counter, by: [.failureDecision],
      "Failures of handoffs begun here, by what was decided about them; none: nothing within ten minutes."),
    Definition(
      .ackLatency, .histogram, by: [.toAgent], bounds: Bounds.acknowledgement,
      "Time from sending a handoff to its acknowledgement by the receiver."),
    Definition(
      .duration, .histogram, by: [.toAgent], bounds: Bounds.duration,
      "Time from sending a handoff to the end of the work on it."),
    Definition(
      .kindFinished, .counter, by: [.kindOnceSeen, .outcome],
      "Handoffs concluded, as handoff_finished counts them, by how they pass responsibility on."),
    Definition(
      .kindResults, .counter, by: [.kindOnceSeen, .workResult],
      "Handoffs delivered whose receiver finished the work, or failed at it, by kind."),
    Definition(
      .kindAckLatency, .histogram, by: [.kindOnceSeen], bounds: Bounds.kindAcknowledgement,
      "Time from sending a handoff to its acknowledgement, by kind."),
    Definition(
      .kindResultWait, .histogram, by: [.kindOnceSeen], bounds: Bounds.resultWait,
      "Time from the acknowledgement of a handoff to its result, by kind: what a sender that delegates waits."
    ),
    Definition(
      .blocking, .histogram, by: [.pattern], bounds: Bounds.blocking,
      "Time from first sending a handoff until it was taken or given up: how long a sender that waits is held up."
    ),
    Definition(
      .phaseDuration, .histogram, by: [.phase], bounds: Bounds.phases,
      "Time that handoffs spent in a phase, both of whose ends this sidecar was told of."),
    Definition(
      .recentAckLatency, .summary, quantiles: [0.5, 0.95, 0.99],
      "Acknowledgement latency over the last five minutes; sum and count are since the start."),
    Definition(
      .recentDuration, .summary, quantiles: [0.5, 0.95, 0.99],
      "Duration of handoffs over the last five minutes; sum and count are since the start."),
    Definition(
      .recentFailureRatio, .gauge,
      "Share of exhausted handoffs among those concluded in the last five minutes; NaN where there were none."
    ),
  ]
}

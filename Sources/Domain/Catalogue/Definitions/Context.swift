import Analytics
import Exposition

extension Catalogue {
  /// What travels with handoffs.
  static let context: [Definition] = [
    Definition(
      .recentCompleteness, .gauge,
      "Share of requested memory references that were resolved, over the last five minutes; NaN where none were."
    ),
    Definition(
      .recentTokenUtilization, .gauge,
      "Share of the token budget that was used, over the last five minutes; NaN where there was none."),
    Definition(
      .recentTaskHops, .gauge,
      "Mean number of handoffs a task took, over the last five minutes; NaN without tasks."),
    Definition(.memoryRefsRequested, .counter, by: [.toAgent], "Memory references that envelopes asked for."),
    Definition(
      .memoryRefsResolved, .counter, by: [.toAgent],
      "Memory references asked for that the receiver could resolve."),
    Definition(
      .contextMissing, .histogram, by: [.toAgent], bounds: Bounds.missing,
      "Share of requested memory references that were missing, handoff by handoff."),
    Definition(
      .envelopeSections, .histogram, bounds: Bounds.sections,
      "Share of the five sections an envelope held."),
    Definition(
      .contextRetained, .histogram, bounds: Bounds.retained,
      "Share of the context left along a task's path, at each of its handoffs."),
    Definition(
      .hopDepth, .histogram, bounds: Bounds.hops, "How deep in its task's path each handoff was."),
    Definition(
      .taskHops, .histogram, bounds: Bounds.hops,
      "Handoffs a task took, counted once, when it ended or had been quiet for ten minutes."),
    Definition(
      .deadlineHeadroom, .histogram, bounds: Bounds.headroom,
      "Time left until the deadline when a handoff was sent; a deadline already past counts as 0."),
    Definition(
      .confidence, .histogram, bounds: Bounds.confidence,
      "Confidence that senders stated in their envelopes."
    ),
    Definition(.strategies, .counter, by: [.strategy], "Envelopes, by how they were packed."),
    Definition(
      .strategyRefsRequested, .counter, by: [.strategy],
      "Memory references that envelopes asked for, by how they were packed; other: nobody said how."),
    Definition(
      .strategyRefsResolved, .counter, by: [.strategy],
      "Memory references asked for that the receiver could resolve, by how the envelope was packed."),
    Definition(
      .strategyTokensUsed, .counter, by: [.strategy],
      "Tokens used by envelopes that had a budget, by how they were packed."),
    Definition(
      .strategyTokensBudgeted, .counter, by: [.strategy],
      "Tokens allowed to envelopes that told how many they used, by how they were packed."),
    Definition(.envelopeVersions, .counter, by: [.version], "Envelopes, by version of their format."),
    Definition(
      .versionPairs, .counter, by: [.sentVersion, .receivedVersion],
      "Handoffs, by the version of the envelope's form that was sent and the one its receiver works with."),
    Definition(
      .contextFetches, .counter, by: [.fetched, .strategy],
      "What receivers had to ask for because it was not sent, by how the envelope was packed."),
    Definition(
      .constraintsLost, .counter, by: [.constraintsLost],
      "Handoffs that no longer hold all that bound their sender, by how that can be told."),
    Definition(.deadlinesMissed, .counter, "Handoffs that had not ended when their deadline was over."),
    Definition(.unvalidated, .counter, "Handoffs that were delivered without being validated before."),
    Definition(.hopLimitExceeded, .counter, "Handoffs beyond the hop limit of their task."),
    Definition(.loops, .counter, "Handoffs from one agent to another that their task had taken before."),
    Definition(
      .claimRaces, .counter,
      "Handoffs of kind broadcast that were taken after another receiver of their group had taken its own."),
    Definition(
      .tokenUtilization, .histogram, by: [.toAgent], bounds: Bounds.utilization,
      "Share of the token budget an envelope used."),
    Definition(.tokensUsed, .counter, by: [.toAgent], "Tokens that envelopes used."),
    Definition(.tokensBudgeted, .counter, by: [.toAgent], "Tokens that envelopes were allowed."),
    Definition(.tokensTrimmed, .counter, by: [.toAgent], "Tokens trimmed from envelopes to keep the budget."),
    Definition(.envelopeBytes, .histogram, bounds: Bounds.bytes, "Size of envelopes."),
  ]
}

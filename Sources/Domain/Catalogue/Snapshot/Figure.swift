import Analytics
import Exposition

/// Where in a snapshot the values of a family are found.
enum Figure: Sendable {
  /// A counter over all handoffs.
  case fleet(FleetCounter)
  /// Counters over all handoffs, one for each of the label sets.
  case fleetByWord([LabelSet], @Sendable (FleetCounters, Int) -> UInt64)
  /// Counters by names that are capped, one for each value of a further label.
  case names(String, @Sendable (FleetCounters) -> CappedNames, LabelRange?)
  /// Counters by two names of one capped list.
  case namePairs(String, String, @Sendable (FleetCounters) -> (CappedNames, NamePairs))
  /// Observations over all handoffs, one for each value of a label.
  case fleetDistributionByWord(LabelRange, @Sendable (FleetCounters, Int) -> Distribution)
  /// Observations over all handoffs.
  case fleetDistribution(@Sendable (FleetCounters) -> Distribution)
  /// A counter for each agent.
  case agent(AgentCounter)
  /// Counters for each agent, one for each value of a further label.
  case agentByWord(LabelRange, @Sendable (AgentCounters, Int) -> UInt64)
  /// Observations for each agent.
  case agentDistribution(@Sendable (AgentCounters) -> Distribution)
  /// What stands now for each agent of which it is known.
  case agentGauge(@Sendable (AgentView) -> Double?)
  /// In which state of a list each agent is, if that is known.
  case agentState(LabelRange, @Sendable (AgentView) -> Int?)
  /// What stands now, over all handoffs; not a number where it is undefined.
  case moment(@Sendable (SnapshotSource) -> Double?)
  /// What stands now, one for each value of a label.
  case momentByWord(LabelRange, @Sendable (Snapshot, Int) -> Int)
  /// Quantiles of the last minutes, and what there was since the start.
  case summary(@Sendable (WindowValues) -> QuantileSketch, @Sendable (FleetCounters) -> Running)
}

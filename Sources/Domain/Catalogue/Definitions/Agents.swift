import Exposition

extension Catalogue {
  /// Who takes handoffs, and what becomes of those that nobody took.
  static let agents: [Definition] = [
    Definition(
      .circuitState, .gauge, by: [.toAgent, .circuitState],
      "State of the circuit to an agent: 1 for the current one, the worse of derived and reported."),
    Definition(
      .circuitTransitions, .counter, by: [.toAgent, .circuitEntered],
      "Times the circuit to an agent entered a state."),
    Definition(.circuitSkipped, .counter, by: [.toAgent], "Sends that an open circuit refused."),
    Definition(
      .consecutiveFailures, .gauge, by: [.toAgent],
      "Handoffs in a row to an agent that failed an attempt or were exhausted, since one succeeded."),
    Definition(.deadLetters, .gauge, by: [.deadLetterStatus], "Dead letters, by what has become of them."),
    Definition(.deadLettersParked, .counter, "Handoffs parked as dead letters."),
    Definition(.deadLettersReplayed, .counter, "Dead letters that were tried again."),
    Definition(
      .deadLetterOldest, .gauge, "When the oldest pending dead letter was parked; 0 if there is none."),
    Definition(
      .agentHealth, .gauge, by: [.agent, .healthStatus],
      "Health of an agent by its last report: 1 for the current status."),
    Definition(.agentQueueLength, .gauge, by: [.agent], "Work waiting at an agent, as it last reported."),
    Definition(.agentMemory, .gauge, by: [.agent], "Memory an agent used, as it last reported."),
    Definition(.agentResponse, .gauge, by: [.agent], "Response time of an agent, as it last reported."),
    Definition(.agentErrors, .gauge, by: [.agent], "Error rate of an agent, as it last reported."),
    Definition(.agentLastSeen, .gauge, by: [.agent], "When the agent last said anything itself."),
    Definition(
      .validationResults, .counter, by: [.rule, .resultSeverity],
      "Results of envelope validation that did not pass."),
    Definition(.checksumMismatches, .counter, "Envelopes whose checksum did not match what they held."),
    Definition(
      .checksumMismatchPairs, .counter, by: [.fromAgent, .toAgent],
      "The same, by the agents between which it was; those that find no room share a series."),
    Definition(
      .secretsRedacted, .counter, "Values replaced before anything was stored, because they looked secret."),
    Definition(
      .clockSkew, .counter, "Handoffs acknowledged before they were sent, by the clocks of those who said so."
    ),
  ]
}

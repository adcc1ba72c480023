extension RuleSet {
  /// The text of the shipped file of rules, `alerts/handoffd.rules.yaml`, as a test makes sure.
  public static let builtInSource = #"""
    # The rules that handoffd is shipped with. They are compiled in, and hold when no --rules says otherwise.
    # Whoever wants others copies this file, changes it, and starts with --rules FILE; a file without `rules`
    # keeps these and may only name receivers.
    defaults: {evaluate_every: 1s, repeat_every: 4h, group_wait: 5s, give_up_after: 1h}

    rules:
      - alert: HandoffFailed
        signal: failure.event
        by: [to_agent]
        keep_firing_for: 5m
        severity: info
        annotations:
          summary: "A handoff to {{to_agent}} failed"
          description: "{{handoff_id}}: {{error.type}} {{error.message}} {{error.hint}}"
          runbook_url: /v1/runbooks/HandoffFailed

      - alert: HandoffConsecutiveFailures
        signal: failure.consecutive
        by: [to_agent]
        at_least: 3
        severity: warning
        annotations:
          summary: "{{value}} handoffs in a row to {{to_agent}} failed"
          description: "The last: {{error.type}} {{error.message}} {{error.hint}}"
          runbook_url: /v1/runbooks/HandoffConsecutiveFailures

      - alert: HandoffCircuitOpen
        signal: circuit.open
        by: [to_agent]
        severity: critical
        annotations:
          summary: "The circuit to {{to_agent}} is open"
          description: "Nothing is sent to {{to_agent}}. {{error.type}}: {{error.message}} {{error.hint}}"
          runbook_url: /v1/runbooks/HandoffCircuitOpen
        inhibits: [HandoffConsecutiveFailures]

      - alert: ContextCompletenessCritical
        signal: completeness.ratio
        by: []
        below: 0.80
        window: 5m
        min_handoffs: 20
        no_data: keep
        for: 30s
        keep_firing_for: 1m
        severity: critical
        annotations:
          summary: "Only {{value.percent}} of the requested context arrives"
          description: "Across {{handoffs}} handoffs of the last {{window}}; {{threshold.percent}} is the least."
          runbook_url: /v1/runbooks/ContextCompletenessCritical
        inhibits: [ContextCompletenessLow]

      - alert: ContextCompletenessLow
        signal: completeness.ratio
        by: []
        below: 0.95
        window: 5m
        min_handoffs: 20
        no_data: keep
        for: 30s
        keep_firing_for: 1m
        severity: warning
        annotations:
          summary: "{{value.percent}} of the requested context arrives"
          description: "Across {{handoffs}} handoffs of the last {{window}}; below {{threshold.percent}} it is worth a look."
          runbook_url: /v1/runbooks/ContextCompletenessLow

      - alert: HandoffFailureRateSystemic
        signal: failure.ratio
        by: []
        above: 0.02
        window: 15m
        min_handoffs: 20
        min_failures: 5
        no_data: resolve
        keep_firing_for: 1m
        severity: critical
        annotations:
          summary: "{{value.percent}} of all handoffs fail"
          description: "{{failures}} of {{handoffs}} within {{window}}. One agent alone seldom does this."
          runbook_url: /v1/runbooks/HandoffFailureRateSystemic
        inhibits: [HandoffFailureRateHigh]

      - alert: HandoffFailureRateHigh
        signal: failure.ratio
        by: []
        above: 0.005
        window: 15m
        min_handoffs: 20
        min_failures: 5
        no_data: resolve
        keep_firing_for: 1m
        severity: warning
        annotations:
          summary: "{{value.percent}} of all handoffs fail"
          description: "{{failures}} of {{handoffs}} within {{window}}."
          runbook_url: /v1/runbooks/HandoffFailureRateHigh

      - alert: HandoffHopLimit
        signal: hops.max
        by: []
        above: 12
        window: 5m
        severity: critical
        annotations:
          summary: "A task has made {{value}} hops"
          description: "More than {{threshold}} are the limit: it is probably going round. {{handoff_id}}"
          runbook_url: /v1/runbooks/HandoffHopLimit
        inhibits: [HopDepthHigh]

      - alert: HopDepthHigh
        signal: hops.max
        by: []
        above: 8
        window: 5m
        severity: warning
        annotations:
          summary: "A task has made {{value}} hops"
          description: "More than {{threshold}} are seldom meant."
          runbook_url: /v1/runbooks/HopDepthHigh

      - alert: HandoffLoop
        signal: loops.count
        by: []
        at_least: 2
        window: 5m
        severity: warning
        annotations:
          summary: "A task goes round in a loop"
          description: "The same two agents have passed it on again {{value}} times. {{handoff_id}}"
          runbook_url: /v1/runbooks/HandoffLoop

      - alert: HandoffOverdue
        signal: active.overdue
        by: [to_agent]
        above: 0
        severity: warning
        annotations:
          summary: "{{value}} handoffs to {{to_agent}} are not acknowledged in time"
          description: "They were sent and nobody has answered; after ten minutes they count as failed."
          runbook_url: /v1/runbooks/HandoffOverdue

      - alert: HandoffAckLatencyHigh
        signal: latency.p99
        by: []
        above: 10
        window: 10m
        min_handoffs: 50
        severity: warning
        annotations:
          summary: "Acknowledgements take long: p99 is {{value.duration}}"
          description: "Over {{handoffs}} handoffs of the last {{window}}; {{threshold.duration}} is the limit."
          runbook_url: /v1/runbooks/HandoffAckLatencyHigh

      - alert: TokenBudgetExhausted
        signal: tokens.utilization
        by: []
        at_least: 0.99
        window: 30m
        min_handoffs: 50
        severity: warning
        annotations:
          summary: "Envelopes use {{value.percent}} of their token budget"
          description: "Over {{handoffs}} handoffs of the last {{window}}: context is being cut."
          runbook_url: /v1/runbooks/TokenBudgetExhausted

      - alert: TokenBudgetIdle
        signal: tokens.utilization
        by: []
        below: 0.25
        window: 30m
        min_handoffs: 50
        severity: info
        annotations:
          summary: "Envelopes use only {{value.percent}} of their token budget"
          description: "Over {{handoffs}} handoffs of the last {{window}}: budgets could be smaller, or context fuller."
          runbook_url: /v1/runbooks/TokenBudgetIdle

      - alert: DeadLettersPending
        signal: dead_letters.pending
        by: []
        above: 0
        for: 5m
        severity: warning
        annotations:
          summary: "{{value}} dead letters wait for somebody"
          description: "They were parked after their retries and nobody has dealt with them."
          runbook_url: /v1/runbooks/DeadLettersPending

      - alert: DeadLetterOld
        signal: dead_letters.oldest_age
        by: []
        above: 3600
        severity: critical
        annotations:
          summary: "A dead letter has waited for {{value.duration}}"
          description: "Work was handed over and is lying there; {{threshold.duration}} is too long."
          runbook_url: /v1/runbooks/DeadLetterOld
        inhibits: [DeadLettersPending]

      - alert: AgentUnhealthy
        signal: agent.unhealthy
        by: [to_agent]
        severity: warning
        annotations:
          summary: "{{to_agent}} is not healthy"
          description: "It says so itself, or what it reports is beyond the limits."
          runbook_url: /v1/runbooks/AgentUnhealthy

      - alert: RollbackFailed
        signal: rollback.failed.count
        by: [to_agent]
        above: 0
        window: 5m
        severity: warning
        annotations:
          summary: "A rollback of a handoff to {{to_agent}} failed"
          description: "What it left half-done has to be undone by hand. {{handoff_id}}"
          runbook_url: /v1/runbooks/RollbackFailed

      - alert: ChecksumMismatch
        signal: checksum.mismatches
        by: [to_agent]
        above: 0
        window: 5m
        severity: warning
        annotations:
          summary: "What {{to_agent}} received is not what was sent"
          description: "{{value}} checksums did not match within {{window}}. {{handoff_id}}"
          runbook_url: /v1/runbooks/ChecksumMismatch

      - alert: ConstraintsLost
        signal: constraints.lost
        by: [to_agent]
        above: 0
        window: 5m
        severity: warning
        annotations:
          summary: "What bound the sender does not reach {{to_agent}}"
          description: "{{value}} handoffs within {{window}} came without a constraint that held before. {{handoff_id}}"
          runbook_url: /v1/runbooks/ConstraintsLost

      - alert: DeadlineMissed
        signal: deadlines.missed
        by: [to_agent]
        above: 0
        window: 5m
        severity: warning
        annotations:
          summary: "{{to_agent}} does not keep deadlines"
          description: "{{value}} handoffs within {{window}} had not ended when their deadline was over. {{handoff_id}}"
          runbook_url: /v1/runbooks/DeadlineMissed

      - alert: EscalationDeep
        signal: escalation.depth
        by: []
        above: 5
        window: 5m
        severity: warning
        annotations:
          summary: "A task was escalated {{value}} times"
          description: "Nobody up the chain takes it; more than {{threshold}} need a person. {{handoff_id}}"
          runbook_url: /v1/runbooks/EscalationDeep

      - alert: HandoffdStoreLagging
        signal: store.lag
        above: 300
        severity: warning
        annotations:
          summary: "PostgreSQL is {{value.duration}} behind"
          description: "Events are safe in the spool; history and queries do not show them yet."
          runbook_url: /v1/runbooks/HandoffdStoreLagging

      - alert: HandoffdSpoolFilling
        signal: spool.fill
        above: 0.80
        severity: critical
        annotations:
          summary: "The spool is {{value.percent}} full"
          description: "When it is full, events are refused. PostgreSQL has to come back, or the spool to grow."
          runbook_url: /v1/runbooks/HandoffdSpoolFilling

    """#
}

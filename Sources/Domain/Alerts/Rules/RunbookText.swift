extension Runbook {
  /// The text of `docs/runbooks.md`, as a test makes sure.
  public static let source = #"""
    # Runbooks

    One section for each alert: what it means, what to look at, what to do. `http://127.0.0.1:9797` stands for the address
    of a sidecar.

    # Handoffs

    ## HandoffFailed
    **Means**: a handoff was exhausted (failed, parked, expired, rerouted away, or unacknowledged for ten minutes), or its
    receiver failed at the work. One alert for each target, quiet five minutes after the last failure.
    **Look at**: `GET /v1/handoffs?to_agent=NAME&state=failed`; the error's class, type and hint are in the alert and in the record.
    **Do**: nothing for a single one. Many of one type point at the target; many of many types at what they share.

    ## HandoffConsecutiveFailures
    **Means**: three different handoffs in a row to one target failed an attempt or were exhausted, and none was acknowledged in
    between. One more kind of failure and its circuit opens.
    **Look at**: `GET /v1/agents/NAME` and `/v1/agents/NAME/health`; the last errors in `/v1/handoffs?to_agent=NAME`.
    **Do**: see whether the agent runs and is reachable. If it is being deployed, wait for the first acknowledgement.

    ## HandoffCircuitOpen
    **Means**: three handoffs in a row to one target were exhausted, or a client's breaker reported an open circuit. Senders
    that ask `/v1/agents/NAME/readiness` are told not to send. After 60 s it is half-open: the next delivery closes it, and
    the alert resolves at that moment; the next failure opens it again.
    **Look at**: the error in the alert; `GET /v1/agents/NAME`; `GET /v1/handoffs?to_agent=NAME` for what was sent there last.
    **Do**: repair or restart the agent, or route around it. Look afterwards through `/v1/dead-letters` for what was parked
    meanwhile, and replay it.

    ## HandoffOverdue
    **Means**: handoffs were sent and not acknowledged within the acknowledgement timeout (30 s).
    **Look at**: `GET /v1/active`, oldest first; whether the target was seen since (`last_seen_at`).
    **Do**: if the target is alive, it is too slow or does not acknowledge: see HandoffAckLatencyHigh. After ten minutes each
    of them counts as failed.

    ## AgentUnhealthy
    **Means**: the agent reported that it is degraded or unhealthy, or what it reported is beyond the limits: memory above
    500 MB, queue above 100, error rate above 5 %.
    **Look at**: `GET /v1/agents/NAME/health`, newest first.
    **Do**: relieve it: fewer senders, more instances, a restart. The alert resolves with its next good report.

    # Context

    ## ContextCompletenessCritical
    **Means**: of the memory references that envelopes asked for, fewer than 80 % were found, over all handoffs of five
    minutes. Agents work with a fifth of their context missing.
    **Look at**: `GET /v1/summary?window=5m` for the agents; `GET /v1/handoffs?max_completeness=0.8` for the handoffs; the
    `missing` list in their records; `GET /v1/tasks/ID` says where a task first lost context.
    **Do**: see whether the memory store answers, and whether something was deleted or renamed. Stop what depends on full
    context until it is found.

    ## ContextCompletenessLow
    **Means**: fewer than 95 % of the requested references were found.
    **Look at**: as for ContextCompletenessCritical; the missing ids often share a prefix or an age.
    **Do**: look in working hours, before it is 80 %.

    ## TokenBudgetExhausted
    **Means**: envelopes use 99 % of their token budget or more: what does not fit is being trimmed.
    **Look at**: `handoff_tokens_trimmed_total`, and the strategies in `handoff_strategies_total`.
    **Do**: raise the budget, or send summaries and references instead of everything.

    ## TokenBudgetIdle
    **Means**: envelopes use less than a quarter of their token budget for half an hour.
    **Look at**: `GET /v1/summary?window=30m`, by agent.
    **Do**: lower the budgets, or hand over more context: it costs nothing that is not reserved already.

    ## ChecksumMismatch
    **Means**: a receiver said that what it got is not what was sent.
    **Look at**: the handoff named in the alert; the envelope's `checksum`, `version` and `strategy` in its record.
    **Do**: compare how both sides serialise and hash. If they agree, something in between changes the envelope.

    ## ConstraintsLost
    **Means**: a handoff does not bind its receiver to all that bound its sender: the section of constraints is gone, their hash
    is another, or one of those told one by one is missing. In Prometheus for all receivers together, by what told it (`lost`).
    **Look at**: the handoff named in the alert, the events in `GET /v1/alerts/history`; `constraints_lost` in `GET /v1/tasks/ID`
    says for each hop of its task what was lost and who dropped it.
    **Do**: have the sender copy its constraints before it adds its own, and ask `POST /v1/envelopes/check` before it sends. Where
    one was put into other words or lifted on purpose, nothing is missing: hashes of each constraint tell that from a loss better
    than a hash over all.

    # Tasks

    ## DeadlineMissed
    **Means**: a handoff had not ended when the earliest deadline of its envelope was over: nobody had said that it was done,
    failed or given up, and its receiver had not handed the task on. In Prometheus for all receivers together.
    **Look at**: the handoff named in the alert, its `course` in `GET /v1/handoffs/ID`: where the time went;
    `handoff_deadline_headroom_seconds`: whether there was enough of it when it was sent.
    **Do**: give deadlines that the receiver can keep, ask `POST /v1/envelopes/check` before sending, or send to somebody who has
    less to do (`GET /v1/agents`).

    ## HandoffHopLimit
    **Means**: a task has made more than 12 hops, which is the hard bound.
    **Look at**: `GET /v1/tasks/ID`: the chain, loops found, context retained after each hop.
    **Do**: stop the task; it is going round, or nobody wants it. Find the agent that passes on instead of deciding.

    ## HopDepthHigh
    **Means**: a task has made more than 8 hops. Of the context, 10 % lost at each hop leave less than half.
    **Look at**: as for HandoffHopLimit.
    **Do**: shorten the way: send to the agent that does the work in the end.

    ## HandoffLoop
    **Means**: one task went the same way from one agent to another for the third time.
    **Look at**: `loops` in `GET /v1/tasks/ID`.
    **Do**: see why each of both thinks that the other is responsible; give the second a reason to refuse.

    ## EscalationDeep
    **Means**: a task was escalated more than five times.
    **Look at**: `escalations` in `GET /v1/tasks/ID`, with tickets.
    **Do**: a person has to take it.

    ## RollbackFailed
    **Means**: a handoff was rolled back and a step of the rollback failed: something is half-done. In Prometheus, any rollback.
    **Look at**: `rollback.steps` in the handoff's record.
    **Do**: undo by hand what the failed step names. The alert resolves by itself five minutes after the last failed step,
    whether or not anybody has.

    # Rates

    ## HandoffFailureRateSystemic
    **Means**: more than 2 % of all concluded handoffs of a quarter of an hour were exhausted, at least five of them.
    **Look at**: `GET /v1/summary?window=15m` by agent: one target, or all? `handoff_failures_total` by reason.
    **Do**: one target: HandoffCircuitOpen. All: look at what they share, such as network, model provider, memory store.

    ## HandoffFailureRateHigh
    **Means**: more than 0.5 % of all concluded handoffs were exhausted.
    **Look at**: as for HandoffFailureRateSystemic.
    **Do**: look in working hours, before it is 2 %.

    ## HandoffAckLatencyHigh
    **Means**: one in a hundred acknowledgements takes longer than 10 s.
    **Look at**: `GET /v1/summary?window=10m` by agent; exemplars of `handoff_ack_latency_seconds` lead to traces.
    **Do**: find the slow target; more instances of it, or smaller envelopes.

    ## HandoffErrorBudgetBurn
    **Means**: of the objective that 99.5 % of all handoffs are delivered within 30 days, the part that may fail is being
    used up too fast; `long_window` says over which time. Only in Prometheus.
    **Look at**: `handoff:failure_ratio:rate1h` and its longer siblings; since when, and what changed then.
    **Do**: critical: as for HandoffFailureRateSystemic. Warning: plan the repair for this week.

    # Dead letters

    ## DeadLettersPending
    **Means**: handoffs were parked after their retries, and for five minutes nobody has dealt with them.
    **Look at**: `GET /v1/dead-letters`.
    **Do**: have the sender send again those whose cause is gone, and tell `handoff.replayed` of them. Deal with the others:
    `POST /v1/dead-letters/ID/resolve` with `{"resolved_by": "who", "note": "why"}`.

    ## DeadLetterOld
    **Means**: a dead letter has waited for more than an hour.
    **Look at**: `GET /v1/dead-letters`, the oldest.
    **Do**: decide now: replay it, or resolve it and tell whoever waits for the work.

    # The sidecar

    ## HandoffdStoreLagging
    **Means**: the oldest event that is not in PostgreSQL yet is more than five minutes old. Nothing is lost: events are in the
    spool, alerts and metrics go on.
    **Look at**: `GET /-/ready`; `handoffd_store_up`, `handoffd_store_errors_total` by operation; the sidecar's log; PostgreSQL's
    locks and disk.
    **Do**: bring PostgreSQL back. The sidecar drains by itself, in order.

    ## HandoffdSpoolFilling
    **Means**: the spool is more than 80 % full. From 85 % on senders are slowed down (429); at 95 % events are
    refused (503).
    **Look at**: `handoffd_spool_bytes` and its slope; HandoffdStoreLagging says why it does not drain.
    **Do**: bring PostgreSQL back, or restart with a larger `--spool-capacity` on a volume that has room.

    ## HandoffdDown
    **Means**: Prometheus reaches no sidecar. Only in Prometheus.
    **Look at**: whether the process runs; its last log lines.
    **Do**: start it. What it acknowledged before is on its disk.

    ## HandoffdStoreDown
    **Means**: a sidecar cannot reach PostgreSQL for a minute; it asks every two seconds, also while nothing comes. Only in
    Prometheus.
    **Look at**: its log: each attempt says why it failed.
    **Do**: bring PostgreSQL back; see HandoffdStoreLagging.

    ## HandoffdRecordsDamaged
    **Means**: what was acknowledged cannot be stored: the spool's disk damaged or lost records since the sidecar started, or
    PostgreSQL would not take an event. Only in Prometheus; it ends when the sidecar is restarted.
    **Look at**: the log line of each, with segment and offset; `quarantine` in the spool's directory for the bytes, and the table
    `handoffd.quarantine` for events, with PostgreSQL's reason.
    **Do**: replace a disk that damages. Have the senders send the time in question again: what is stored is known as duplicate.

    ## HandoffdNotificationsFailing
    **Means**: the sidecar gave up notifications for a receiver: an hour of attempts, or an answer that says that trying again is
    useless. Only in Prometheus, because it would have to be told the same way.
    **Look at**: the log line that names the receiver and its last answer; `handoffd_notifications_failed_total` by reason.
    **Do**: repair the receiver, its URL or its token; try it with `handoffd check --send-test NAME`.

    ## HandoffdRulesNotEvaluated
    **Means**: a sidecar has not judged its rules for a minute. Only in Prometheus.
    **Look at**: whether the process is starved of CPU.
    **Do**: give it CPU, or restart it; state is kept.

    ## HandoffdReloadFailed
    **Means**: the last reload found a faulty configuration or faulty rules; the old ones are still in force. Only in Prometheus.
    **Look at**: the log, or `handoffd check` with the same flags: every fault with its line.
    **Do**: correct the file and reload.

    ## HandoffdLabelOverflow
    **Means**: there are more agents, rules or versions than the exposition shows; the rest shares `__other__`. Only in Prometheus.
    **Look at**: `handoffd_label_overflow_total` by label: honest growth, or ids in names?
    **Do**: raise `--agent-series`, or repair who puts ids into agent names.

    """#
}

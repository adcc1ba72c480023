// The schema, version 1.
//
// Every unique key contains what its table would be distributed by (`handoff_id`, `subject`, `agent`,
// `spool_id`); there are no sequences, no foreign keys and no triggers. The logs are partitioned by day of
// `occurred_at`, in UTC, without a default partition.
//
// Keys compare byte by byte (COLLATE "C"): faster, and no upgrade of the system's locales can spoil an index.
//
// Indexes of the log, but for its key, hold a few rows: by the type of an event, or by when it was received. What is not
// in them costs nothing but a look.
//
// Indexes of `handoffs` avoid columns that change in the usual life of a handoff, so that most updates stay
// within their page (HOT): of its state there is only `troubled_state`, which is null as long as all goes
// well, and of its end only whether it has come. The strategy has none either: nearly every envelope names one of four,
// so that an index would be written for each handoff, and be of use for a word that hardly anybody asks for.
extension Migration {
  static let first = Migration(
    version: 1, oldestReader: 1,
    statements: versionTable + handoffTables + logTables + sideTables + figureTables + alertTables)

  private static let versionTable = [
    """
    CREATE TABLE handoffd.schema_version (
      version integer PRIMARY KEY, oldest_reader integer NOT NULL,
      applied_at timestamptz NOT NULL, applied_by text NOT NULL)
    """
  ]

  private static let handoffTables = [
    """
    CREATE TABLE handoffd.handoffs (\(handoffColumns),
      \(HandoffClasses.waits.declaration), \(HandoffClasses.completeness.declaration),
      PRIMARY KEY (handoff_id)) WITH (fillfactor = 85)
    """,
    // What one INSERT takes all its rows as: an array of these.
    "CREATE TYPE handoffd.handoff_row AS (\(handoffColumns.withoutConstraints))",
    "CREATE INDEX handoffs_by_time ON handoffd.handoffs (first_event_at)",
    "CREATE INDEX handoffs_by_task ON handoffd.handoffs (task_id, first_event_at)",
    "CREATE INDEX handoffs_by_conversation ON handoffd.handoffs (conversation_id, first_event_at)",
    "CREATE INDEX handoffs_by_sender ON handoffd.handoffs (from_agent, first_event_at)",
    "CREATE INDEX handoffs_by_receiver ON handoffd.handoffs (to_agent, first_event_at)",
    """
    CREATE INDEX handoffs_by_parent ON handoffd.handoffs (parent_handoff_id, first_event_at)
      WHERE parent_handoff_id IS NOT NULL
    """,
    "CREATE INDEX handoffs_open ON handoffd.handoffs (first_event_at) WHERE ended_at IS NULL",
    """
    CREATE INDEX handoffs_troubled ON handoffd.handoffs (troubled_state, first_event_at)
      WHERE troubled_state IS NOT NULL
    """,
    // What failed towards an agent is found without a look at what failed towards all others.
    """
    CREATE INDEX handoffs_troubled_by_receiver ON handoffd.handoffs (to_agent, troubled_state, first_event_at)
      WHERE troubled_state IS NOT NULL
    """,
    """
    CREATE INDEX handoffs_rerouted ON handoffd.handoffs (original_to_agent, first_event_at)
      WHERE original_to_agent IS NOT NULL
    """,
    """
    CREATE INDEX handoffs_by_error_class ON handoffd.handoffs (error_class, first_event_at)
      WHERE error_class IS NOT NULL
    """,
    """
    CREATE INDEX handoffs_by_error_type ON handoffd.handoffs (error_type, first_event_at)
      WHERE error_type IS NOT NULL
    """,
    "CREATE INDEX handoffs_inferred ON handoffd.handoffs (first_event_at) WHERE inferred",
    // Few handoffs name a user, and fewer hold resources.
    """
    CREATE INDEX handoffs_by_user ON handoffd.handoffs (user_id, first_event_at) WHERE user_id IS NOT NULL
    """,
    // Words of a few, of which one may be rare; common ones are found at once whatever leads to them.
    "CREATE INDEX handoffs_by_reason ON handoffd.handoffs (reason, first_event_at) WHERE reason IS NOT NULL",
    "CREATE INDEX handoffs_by_kind ON handoffd.handoffs (kind, first_event_at) WHERE kind IS NOT NULL",
    "CREATE INDEX handoffs_by_pattern ON handoffd.handoffs (pattern, first_event_at) WHERE pattern IS NOT NULL",
    index("handoffs_by_wait", on: .waits), index("handoffs_by_completeness", on: .completeness),
    "CREATE INDEX handoffs_holding ON handoffd.handoffs (first_event_at) WHERE holds AND ended_at IS NULL",
  ]

  private static func index(_ name: String, on classes: HandoffClasses) -> String {
    """
    CREATE INDEX \(name) ON handoffd.handoffs (\(classes.column), first_event_at)
      WHERE \(classes.column) IS NOT NULL
    """
  }

  private static let handoffColumns = """
    handoff_id text COLLATE "C" NOT NULL, version bigint NOT NULL,
    task_id text COLLATE "C", conversation_id text COLLATE "C", parent_handoff_id text COLLATE "C",
    from_agent text COLLATE "C", to_agent text COLLATE "C", original_to_agent text COLLATE "C",
    kind text COLLATE "C", pattern text, reason text, group_id text,
    state text, troubled_state text COLLATE "C", error_class text, error_type text,
    inferred boolean NOT NULL, hop integer, attempts integer NOT NULL, event_count integer NOT NULL,
    first_event_at timestamptz NOT NULL, last_event_at timestamptz NOT NULL,
    initiated_at timestamptz, acknowledged_at timestamptz, ended_at timestamptz,
    ack_latency_us bigint, duration_us bigint,
    refs_requested bigint, refs_resolved bigint, completeness double precision,
    tokens_budget bigint, tokens_used bigint, tokens_trimmed bigint,
    merge bytea NOT NULL, rolled smallint NOT NULL,
    user_id text COLLATE "C", holds boolean NOT NULL, strategy text
    """

  private static let logTables = [
    """
    CREATE TABLE handoffd.handoff_events (
      handoff_id text COLLATE "C" NOT NULL, event_id text COLLATE "C" NOT NULL, occurred_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL, spool_id uuid NOT NULL, sequence bigint NOT NULL, slot integer NOT NULL,
      type text NOT NULL, flags smallint NOT NULL, source smallint NOT NULL, content bigint NOT NULL,
      body json NOT NULL, PRIMARY KEY (handoff_id, event_id, occurred_at))
      PARTITION BY RANGE (occurred_at)
    """,
    """
    CREATE INDEX handoff_events_parked ON handoffd.handoff_events (handoff_id)
      WHERE type = 'handoff.parked'
    """,
    """
    CREATE INDEX handoff_events_validated ON handoffd.handoff_events (occurred_at)
      WHERE type = 'handoff.validated'
    """,
    "CREATE INDEX handoff_events_by_receipt ON handoffd.handoff_events (received_at)",
    """
    CREATE TABLE handoffd.subject_events (
      subject text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, event_id text COLLATE "C" NOT NULL, occurred_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL, spool_id uuid NOT NULL, sequence bigint NOT NULL, slot integer NOT NULL,
      type text NOT NULL, flags smallint NOT NULL, source smallint NOT NULL, content bigint NOT NULL,
      agent text COLLATE "C", task_id text COLLATE "C", conversation_id text COLLATE "C",
      body json NOT NULL, PRIMARY KEY (subject, kind, event_id, occurred_at))
      PARTITION BY RANGE (occurred_at)
    """,
    "CREATE INDEX subject_events_by_receipt ON handoffd.subject_events (received_at)",
    "CREATE INDEX subject_events_by_subject ON handoffd.subject_events (subject, kind, occurred_at)",
    """
    CREATE INDEX subject_events_of_circuits ON handoffd.subject_events (received_at)
      WHERE kind = 'agent' AND type <> 'agent.health' AND type <> 'agent.state'
    """,
    // An identity holds across days, which no unique key of a partitioned table can.
    """
    CREATE TABLE handoffd.subject_identities (
      subject text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, event_id text COLLATE "C" NOT NULL, content bigint NOT NULL,
      occurred_at timestamptz NOT NULL, PRIMARY KEY (subject, kind, event_id))
    """,
    "CREATE INDEX subject_identities_by_time ON handoffd.subject_identities (occurred_at)",
  ]

  private static let sideTables = [
    """
    CREATE TABLE handoffd.agents (
      agent text COLLATE "C" NOT NULL, spool_id uuid NOT NULL, first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL, PRIMARY KEY (agent, spool_id)) WITH (fillfactor = 70)
    """,
    """
    CREATE TABLE handoffd.rejections (
      spool_id uuid NOT NULL, sequence bigint NOT NULL, acknowledged boolean NOT NULL, slot integer NOT NULL,
      received_at timestamptz NOT NULL, sender text NOT NULL, event_index integer NOT NULL,
      code text NOT NULL, pointer text NOT NULL, message text NOT NULL, body bytea NOT NULL,
      PRIMARY KEY (spool_id, sequence, acknowledged, slot))
    """,
    "CREATE INDEX rejections_by_time ON handoffd.rejections (received_at)",
    """
    CREATE TABLE handoffd.quarantine (
      spool_id uuid NOT NULL, sequence bigint NOT NULL, slot integer NOT NULL,
      quarantined_at timestamptz NOT NULL, reason text NOT NULL, sqlstate text, bytes bytea NOT NULL,
      PRIMARY KEY (spool_id, sequence, slot))
    """,
    """
    CREATE TABLE handoffd.spool_positions (
      spool_id uuid PRIMARY KEY, instance text NOT NULL, epoch bigint NOT NULL, next_seq bigint NOT NULL,
      last_digest bigint, taken_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, seen_until timestamptz)
      WITH (fillfactor = 50)
    """,
  ]
}

extension String {
  /// Columns of a table as those of a type, which knows no NOT NULL.
  fileprivate var withoutConstraints: String {
    split(separator: " NOT NULL", omittingEmptySubsequences: false).joined()
  }
}

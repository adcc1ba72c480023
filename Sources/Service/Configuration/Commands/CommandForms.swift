extension Settings {
  /// `handoffd serve`.
  public static let serve = CommandLineForm<Settings>(
    subcommand: .serve,
    introduction: """
      Runs the sidecar: takes in handoff events over HTTP, keeps them on disk from the moment they are acknowledged, and
      stores them in PostgreSQL exactly once. Without --database-url it runs a private PostgreSQL of its own.

      SIGTERM and SIGINT drain and end it; SIGHUP and POST /-/reload read the configuration again, and keep the old one
      if the new one is faulty.
      """,
    examples: [
      ("handoffd serve", "everything by default: http://127.0.0.1:9797, private PostgreSQL"),
      ("handoffd serve --config /etc/handoffd.yaml", "settings from a file"),
      (
        "handoffd serve --listen 127.0.0.1:0 --data-dir /tmp/try", "a free port and a directory to throw away"
      ),
    ])

  /// `handoffd check`.
  public static let check = CommandLineForm<Settings>(
    subcommand: .check,
    introduction: """
      Validates what serve would run with, from flags, environment and file, and names every fault. Touches nothing: no
      socket, no directory, no database. Exits 0 when all is good and 1 when something is not. Rules and receivers are
      looked at as well, and the files that receivers need. With --send-test NAME one test notification is sent to the
      receiver of that name.
      """,
    examples: [
      ("handoffd check --config /etc/handoffd.yaml", "before a reload"),
      ("handoffd check --rules rules.yaml --send-test oncall", "whether the pager rings"),
      ("handoffd check", "what serve would run with, and where each value comes from"),
    ])
}

extension SendSettings {
  /// `handoffd send`.
  public static let send = CommandLineForm<SendSettings>(
    subcommand: .send, operands: "[FILE|-]", mostOperands: 1,
    introduction: """
      Sends events, one JSON object a line (NDJSON), from a file or standard input to a sidecar, in batches; what is
      packed with gzip is unpacked. Waits and tries again while the sidecar is away or has no room. Says at the end what
      was accepted, what was known already, and which lines were refused and why. Exits 1 if a line was refused or could
      not be delivered.
      """,
    examples: [
      ("handoffd send events.ndjson", "to the sidecar of this machine"),
      ("handoffd send --url http://127.0.0.1:9800 old.ndjson.gz", "what was packed, to another port"),
    ])
}

extension AuditSettings {
  /// `handoffd audit`.
  public static let audit = CommandLineForm<AuditSettings>(
    subcommand: .audit, operands: "SUBJECT [ID]", mostOperands: 2,
    introduction: """
      Asks a running sidecar. The subject is one of handoffs, handoff ID, task ID, conversation ID, agents, agent ID,
      active, dead-letters, alerts and summary.

      On a terminal the answer is a table that fits it, in colour unless NO_COLOR is set; elsewhere it is NDJSON. Lists
      are followed page by page up to --limit. Exits 1 if there is no answer or nothing of that id, 2 for a question
      that makes no sense.
      """,
    examples: [
      ("handoffd audit handoffs --to-agent coder --state failed --since 2h", "what failed towards an agent"),
      ("handoffd audit task t-1", "the way of a task, and where its context was lost"),
      ("handoffd audit active", "what is under way, oldest first"),
      ("handoffd audit agents", "which agent is stuck"),
      ("handoffd audit handoffs --since 7d --limit 100000 --csv > week.csv", "for a spreadsheet"),
    ])
}

extension ExportSettings {
  /// `handoffd export`.
  public static let export = CommandLineForm<ExportSettings>(
    subcommand: .export, operands: "[handoffs|events]", mostOperands: 1,
    introduction: """
      Streams all matching handoffs, or all events, from a running sidecar to standard output or a file, however many
      they are; events about agents, tasks and conversations come behind those of handoffs. Says on a terminal how far it is. Exits 1 if not everything came; a file that is not complete keeps
      the ending .partial.
      """,
    examples: [
      ("handoffd export > handoffs.ndjson", "every handoff there is"),
      ("handoffd export events --task-id t-1", "every event of the handoffs of a task"),
      ("handoffd export --since 30d --csv --output month.csv", "a month for a spreadsheet"),
    ])
}

extension PreviewSettings {
  /// `handoffd rules preview`.
  public static let preview = CommandLineForm<PreviewSettings>(
    subcommand: .rules, action: "preview", mostOperands: 1,
    introduction: """
      Replays what all sidecars have received through a file of rules, as if one sidecar had received it, and lists
      which alerts would have fired, when, for how long, with what value and why. Nobody is told anything. Rules about
      the sidecar itself (store.lag, spool.fill, events.refused.count) are passed over: the record does not say.

      On a terminal the answer is a table that fits it; elsewhere it is NDJSON. Exits 0 whether or not anything would
      have fired, 1 if the record cannot be read or the file of rules is faulty.
      """,
    examples: [
      ("handoffd rules preview", "what the shipped rules would have said of the last seven days"),
      ("handoffd rules preview --since 30d --rules mine.yaml", "before these rules may wake somebody"),
      ("handoffd rules preview --rules mine.yaml --csv > mine.csv", "for a spreadsheet"),
    ])
}

internal import Platform
import Wording

extension Settings {
  /// The options of `serve`.
  public static let options: [Option<Settings>] = listening + storing + meaning + limits + logging + general

  private static let listening: [Option<Settings>] = [
    Option(
      "listen", list: \.listen, .listenAddress, .listening, .restart,
      "Address and port to listen on; may be given several times. Port 0 takes a free one; the bound addresses are "
        + "logged and written to handoffd.address in the data directory."),
    Option(
      "insecure-bind", \.insecureBind, .toggle, .listening, .restart,
      "Allow --listen on an address that other machines can reach, although nothing asks who calls: whoever reaches "
        + "the port can read and write everything."),
  ]

  private static let storing: [Option<Settings>] = [
    Option(
      "data-dir", \.dataDirectory, .path("DIR"), .storing, .restart,
      "Where the spool and the private PostgreSQL live.",
      standard: "$STATE_DIRECTORY, else $XDG_STATE_HOME/handoffd, else ~/.local/state/handoffd"),
    Option(
      "database-url", optional: \.database, .databaseURL, .storing, .restart,
      "PostgreSQL to store in, as a libpq URI or key/value string. A password is better kept in the environment, the "
        + "file or a passfile than on the command line, where every user of the machine can see it.",
      standard: "a private PostgreSQL under the data directory"),
    Option(
      "database-timeout", \.databaseTimeout, .duration(.milliseconds(100) ... .hours(1)), .storing, .restart,
      "How long PostgreSQL may take for a batch of events before its connection is given up as stuck. Connecting, and "
        + "the pause before another attempt, take at most 10s of it; a query at most 5s."),
    Option(
      "ack", \.acknowledgement, .choice(\.rawValue), .storing, .restart,
      "When a sender is answered: when its events are on this machine's disk, or when they are committed in "
        + "PostgreSQL. For the commit it waits twice --database-timeout, at most 25s; then it is told that they are on "
        + "the disk only."
    ),
    Option(
      "spool-capacity", \.spoolCapacity, .size(4 << 20...16 << 40), .storing, .restart,
      "Most bytes of events kept on disk while PostgreSQL is away; near it senders are slowed down, then refused."
    ),
    Option(
      "retention", \.retention, .duration(.days(1) ... .days(36_500)), .storing, .restart,
      "How long events and handoffs are kept, at least; older events are refused. What is kept goes by whole days."
    ),
    Option(
      "rollup-retention", \.rollupRetention, .duration(.hours(1) ... .days(36_500)), .storing, .restart,
      "How long the history of metrics is kept."),
    Option(
      "instance", optional: \.instance, .name("NAME", atMost: 128), .storing, .restart,
      "Name of this sidecar among those that share the database.",
      standard: "host name and a stored random part"),
  ]

  private static let meaning: [Option<Settings>] = [
    Option(
      "rules", optional: \.rules, .path("FILE"), .meaning, .reload,
      "Alert rules and who is told (YAML), as in alerts/handoffd.rules.yaml; a file without rules keeps the shipped ones.",
      standard: "the shipped rules, and nobody is told"),
    Option(
      "acknowledgement-timeout", \.acknowledgementTimeout, .duration(.milliseconds(1) ... .days(365)),
      .meaning, .reload,
      "How long a receiver may take to acknowledge before its handoff is overdue."),
    Option(
      "idle-after", \.idleAfter, .duration(.seconds(1) ... .days(365)), .meaning, .restart,
      "After how long without news an acknowledged handoff counts as ended."),
    Option(
      "agent-series", \.agentSeries, .count("N", 1...10_000), .meaning, .restart,
      "Most agents with series of their own on /metrics; the rest share the name __other__."),
  ]

  private static let limits: [Option<Settings>] = [
    Option(
      "max-body", \.maxBody, .size(64 << 10...1 << 30), .limits, .restart,
      "Largest request body as sent; a larger one is answered 413."),
    Option(
      "max-unpacked-body", \.maxUnpackedBody, .size(64 << 10...4 << 30), .limits, .restart,
      "Largest request body once unpacked."),
    Option(
      "max-events", \.maxEvents, .count("N", 1...1_000_000), .limits, .restart, "Most events in one request."),
    Option(
      "max-connections", \.maxConnections, .count("N", 8...1_000_000), .limits, .restart,
      "Most connections at a time; further ones are answered 503. Lowered where the system allows fewer open files."
    ),
    Option(
      "max-in-flight", \.maxInFlight, .size(1 << 20...64 << 30), .limits, .restart,
      "Most bytes of requests in memory that are not answered yet; beyond, 503."),
    Option(
      "head-timeout", \.headTimeout, .duration(.milliseconds(100) ... .hours(1)), .limits, .restart,
      "How long a client may take to send the head of a request."),
    Option(
      "body-timeout", \.bodyTimeout, .duration(.milliseconds(100) ... .days(1)), .limits, .restart,
      "How long a client may take to send a body."),
    Option(
      "idle-timeout", \.idleTimeout, .duration(.milliseconds(100) ... .days(1)), .limits, .restart,
      "How long a connection may wait for its next request."),
    Option(
      "http-threads", \.httpThreads, .count("N", 1...64), .limits, .restart, "Threads that serve connections."
    ),
  ]

  private static let logging: [Option<Settings>] = [
    Option(
      "log-format", \.logFormat, .choice(\.rawValue), .logging, .restart,
      "Log lines for people or for machines."),
    Option(
      "log-level", \.logLevel, .choice(\.name), .logging, .reload,
      "Least important log lines that are written."),
  ]

  private static let general: [Option<Settings>] = [
    Option(
      ConfigurationReader<Settings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart,
      "YAML file with any of these settings, named in snake_case, such as data_dir: /var/lib/handoffd.",
      standard: "none")
  ]
}

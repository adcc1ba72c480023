// Configuration: one table of options, four places to say a value, all faults at once.
//
// A value comes from a flag, else from the environment, else from the file, else from the default; lists are taken whole
// from one place. Every text is checked wherever it was said, also where another one wins, so that a fault does not wait
// for the day when the flag is taken away. Nothing is opened, created or changed here but the two files that are read.
// Reading again with the same command line and environment is a reload; `Settings.difference` says which changes take
// effect at once and which need a restart.
public import Platform
import Wording

/// The settings of `serve`.
public struct Settings: CommandSettings {
  /// Where to listen.
  public var listen = [ListenAddress.standard]
  /// Whether addresses that other machines can reach may be listened on without access control.
  public var insecureBind = false

  /// Where the spool and the private PostgreSQL live; absolute, without a slash at its end.
  public var dataDirectory = ""
  /// The database; nil for a private one under the data directory.
  public var database: DatabaseURL?
  /// After how long a database that does not answer is left, for a new connection.
  public var databaseTimeout = Duration.seconds(30)
  /// When a sender is answered.
  public var acknowledgement = Acknowledgement.spool
  /// How many bytes the spool may take.
  public var spoolCapacity = 2 << 30
  /// How long events and records are kept.
  public var retention = Duration.days(90)
  /// How long rollups are kept.
  public var rollupRetention = Duration.days(400)
  /// The name of this sidecar in the database; nil for host name and a stored random part.
  public var instance: String?

  /// The alert rules.
  public var rules: String?
  /// How long a receiver may take to acknowledge before a handoff is overdue.
  public var acknowledgementTimeout = Duration.seconds(30)
  /// After how long without news an acknowledged handoff counts as ended.
  public var idleAfter = Duration.hours(1)
  /// How many agents have series of their own on /metrics.
  public var agentSeries = 100

  /// The largest request body as sent.
  public var maxBody = 8 << 20
  /// The largest request body unpacked.
  public var maxUnpackedBody = 64 << 20
  /// The most events in one request.
  public var maxEvents = 10_000
  /// The most connections at a time.
  public var maxConnections = 10_000
  /// The most bytes of requests that are not answered yet.
  public var maxInFlight = 128 << 20
  /// How long a client may take to send the head of a request.
  public var headTimeout = Duration.seconds(10)
  /// How long a client may take to send a body.
  public var bodyTimeout = Duration.minutes(5)
  /// How long a connection may wait for its next request.
  public var idleTimeout = Duration.seconds(60)
  /// How many threads serve connections.
  public var httpThreads = 2

  /// How log lines look.
  public var logFormat = Log.Format.text
  /// Which log lines are written.
  public var logLevel = Log.Level.info

  /// The file that was read.
  public var configurationFile: String?

  /// What is allowed and unwise, for the log.
  public internal(set) var warnings: [ConfigurationFault] = []

  /// The defaults, with no data directory yet.
  public init() {}

  /// Reads the settings of `serve` from all their places.
  public static func load(
    arguments: [String], environment: [String: String], files: ConfigurationFiles = .system
  ) -> Result<Settings, ConfigurationFaults> {
    switch ConfigurationReader(form: serve, environment: environment, files: files).read(arguments) {
    case .ready(let loaded): .success(loaded.settings)
    case .faulty(let faults): .failure(faults)
    case .help:
      .failure(ConfigurationFaults(faults: [ConfigurationFault(.usage, at: .flag("help"), "asks for help")]))
    }
  }

  /// Takes those values of other settings that can change while the sidecar runs.
  public mutating func takeOver(_ new: Settings) {
    rules = new.rules
    acknowledgementTimeout = new.acknowledgementTimeout
    logLevel = new.logLevel
    warnings = new.warnings
  }

  /// The names of the options that differ, split by when the change takes effect.
  public func difference(to new: Settings) -> (atOnce: [String], afterRestart: [String]) {
    let changed = Settings.options.filter { !$0.isSame(self, new) }
    return (
      changed.filter { $0.change == .reload }.map(\.name),
      changed.filter { $0.change == .restart }.map(\.name)
    )
  }
}

// The sidecar: builds its parts, runs until it is told to end, and ends in order.
//
//   start   lock and scan the spool ─► listen ─► database, in the background
//   run     the main thread waits for signals; everything else has lanes of its own
//   stop    no new connections ─► answer what came ─► spool closed ─► drain what goes in time
//           ─► queries ended ─► private PostgreSQL stopped ─► exit 0
//
// Ingest and /metrics do not wait for the database: the first event may be answered while the private
// PostgreSQL is still being made.
public import Configuration
import HTTPServer
import Platform
import Spool

/// The sidecar.
public enum Sidecar {
  /// Reads the settings anew, as on SIGHUP.
  public typealias Reload = @Sendable () -> Result<Settings, ConfigurationFaults>

  /// Runs with those settings until SIGTERM or SIGINT; gives the exit code.
  public static func run(_ settings: Settings, build: BuildLabels, reload: @escaping Reload) -> Int32 {
    Signals.block()
    Allocator.tune()
    let time = SystemTime()
    let log = Log(level: settings.logLevel, format: settings.logFormat, time: time)
    defer { log.flush() }
    for warning in settings.warnings { log.tell(warning) }
    do throws(StartFailure) {
      let daemon = try Daemon(settings, build: build, reload: reload, time: time, log: log)
      return daemon.run()
    } catch {
      log(.error, "cannot start", ["error": .of(error)])
      return 1
    }
  }
}

/// What is told of the program itself.
public struct BuildLabels: Sendable {
  /// The version of the program.
  public var version: String
  /// The commit it was built from.
  public var revision: String
  /// The compiler's version.
  public var swift: String

  /// Labels of those values.
  public init(version: String, revision: String, swift: String) {
    self.version = version
    self.revision = revision
    self.swift = swift
  }
}

/// Why the sidecar did not start.
struct StartFailure: Error, CustomStringConvertible {
  let description: String

  init(_ cause: some CustomStringConvertible) {
    description = cause.description
  }
}

import Platform
import Postgres

/// Tries to connect as handoffd does.
struct Probe: Sendable {
  let connectionString: String
  let time: any TimeSource

  /// How long a server may take to answer; it is on this machine.
  private static let patience = Duration.seconds(2)

  /// What a connection attempt finds.
  func run() -> (answer: Supervision.Answer, reason: String?) {
    do throws(PostgresError) {
      let address = try DatabaseAddress(connectionString)
      let connection = try Connection.open(
        address, SessionOptions(applicationName: "handoffd/start", readWrite: false),
        until: time.now() + Self.patience, time: time, log: .silent)
      connection.close()
      return (.ready, nil)
    } catch {
      return (Self.answer(error.sqlState?.code, error.message), error.message)
    }
  }

  /// What the server's refusal means.
  static func answer(_ state: String?, _ message: String = "") -> Supervision.Answer {
    switch state {
    // cannot_connect_now
    case "57P03": .starting
    // The role is missing, or its password is another.
    case "28P01", "28000": .needs(.passwords)
    case "3D000": .needs(.database)
    // It refuses for another reason, such as too many connections: it is there.
    case .some: .ready
    // The password file is gone, or says nothing about us: libpq itself finds that out when it is asked.
    case nil where message.contains("no password supplied"): .needs(.passwords)
    case nil: .silence
    }
  }
}

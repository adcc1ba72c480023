// The yardstick of a question: the statements that the sidecar runs for it, prepared and asked one after another by
// somebody who does nothing else. Which statements these are, the store itself tells.
import Platform
import Postgres
import Store
import TestSupport

/// Asks a database what the store would.
final class BareQuestions {
  private let store: Store
  private let connection: Connection
  private let time: any TimeSource
  private var names: [String: String] = [:]

  init(of loaded: LoadedRecord, time: any TimeSource) throws {
    self.time = time
    let address = try DatabaseAddress(loaded.database.connectionString)
    store = Store(
      StoreSettings(database: address, instance: "bare"),
      source: GeneratedSource(loaded.workload, receivedAt: time.wall()), seed: 1, time: time, log: .silent)
    connection = try Connection.open(
      address, SessionOptions(applicationName: "handoffd/bare", readWrite: false),
      until: time.now() + .seconds(10), time: time, log: .silent)
  }

  /// How long the statements of each of some questions take, in milliseconds, ascending.
  func milliseconds(
    _ numbers: some Sequence<Int>, _ ask: (StoreQueries, Int) throws -> Void
  ) throws -> [Double] {
    let questions = try numbers.map { number in try statements { queries in try ask(queries, number) } }
    for statement in questions.joined() where names[statement.sql] == nil {
      let name = "s\(names.count)"
      try connection.prepare(name, statement.sql, like: statement.parameters, until: deadline)
      names[statement.sql] = name
    }
    return try questions.map { statements in
      let start = time.now()
      for statement in statements {
        guard let name = names[statement.sql] else { continue }
        try connection.execute(prepared: name, statement.parameters, until: deadline)
      }
      return (time.now() - start).inSeconds * 1e3
    }.sorted()
  }

  private var deadline: MonotonicInstant { time.now() + .seconds(60) }

  /// What the store asks for a question.
  private func statements(_ ask: (StoreQueries) throws -> Void) throws -> [Statement] {
    let told = Guarded<[Statement]>([])
    var queries = store.queries
    queries.onStatement = { statement in told.withLock { $0.append(statement) } }
    try ask(queries)
    return told.withLock { $0 }
  }
}

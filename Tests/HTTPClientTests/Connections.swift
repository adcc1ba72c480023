import Platform
import TestSupport

/// Counts distinct connections.
final class Connections: Sendable {
  private let seen = Guarded<[Socket]>([])

  func note(_ connection: Socket) {
    seen.withLock { all in
      if !all.contains(where: { $0 === connection }) { all.append(connection) }
    }
  }

  var count: Int { seen.withLock { $0.count } }
}

import Platform
import Synchronization
import TestSupport

/// Threads that send what the ledger gives them, and keep an id only after a 200.
final class Producers: Sendable {
  /// Where a sidecar listens now; nil while it does not.
  typealias Directions = @Sendable (Int) -> Endpoint?
  /// Told of events right after their 200, before anything else is sent.
  typealias Witness = @Sendable ([SentEvent]) -> Void

  private let ledger: Ledger
  private let directions: Directions
  private let isOver = Atomic<Bool>(false)
  private let lanes = Guarded<[Lane]>([])

  /// Starts `count` threads; `witnesses` makes one witness for each.
  init(
    _ count: Int, _ ledger: Ledger, rest: Duration, to directions: @escaping Directions,
    witness: @escaping @Sendable () throws -> Witness = { { _ in } }
  ) throws {
    self.ledger = ledger
    self.directions = directions
    for number in 1...count {
      let lane = try Lane(name: "producer-\(number)") { [self] in
        guard let witness = try? witness() else { return }
        work(rest, witness)
      }
      lanes.withLock { $0.append(lane) }
    }
  }

  /// Sends one request over a connection of its own.
  func send(_ order: Ledger.Order) -> (Delivery, HTTPAnswer?) {
    var connection: (Endpoint, HTTPConnection)?
    var answer: HTTPAnswer?
    let delivery = deliver(order, &connection, &answer)
    ledger.settle(order, delivery)
    return (delivery, answer)
  }

  /// Ends the threads.
  func stop() {
    isOver.store(true, ordering: .relaxed)
    for lane in lanes.withLock({ $0 }) { lane.join() }
  }

  private func work(_ rest: Duration, _ witness: Witness) {
    var connections: [Int: (Endpoint, HTTPConnection)] = [:]
    while !isOver.load(ordering: .relaxed) {
      guard let order = ledger.next() else {
        pause(.milliseconds(5))
        continue
      }
      var answer: HTTPAnswer?
      let delivery = deliver(order, &connections[order.sidecar], &answer)
      if case .acknowledged = delivery {
        witness(ledger.events(of: order))
      } else {
        connections[order.sidecar] = nil
      }
      ledger.settle(order, delivery)
      pause(delivery == .unreachable ? rest * 2 : rest)
    }
  }

  /// Sends over the connection that is there, if it still leads to where the sidecar is.
  private func deliver(
    _ order: Ledger.Order, _ connection: inout (Endpoint, HTTPConnection)?, _ answer: inout HTTPAnswer?
  ) -> Delivery {
    guard let endpoint = directions(order.sidecar) else { return .unreachable }
    if connection?.0 != endpoint { connection = (try? HTTPConnection(endpoint)).map { (endpoint, $0) } }
    guard let (_, http) = connection else { return .unreachable }
    let body = order.texts.joined(separator: "\n")
    guard
      let reply = try? http.post(
        "/v1/events", body, type: "application/x-ndjson", within: .seconds(40))
    else { return .lost }
    if reply["connection"] == "close" { connection = nil }
    answer = reply
    return Delivery(reply, events: order.numbers.count)
  }
}

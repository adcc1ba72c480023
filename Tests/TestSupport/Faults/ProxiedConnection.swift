import Platform
import Synchronization

/// One connection through a `FaultProxy`.
final class ProxiedConnection: Sendable {
  private let client: Socket
  private let server: Socket
  private let orders: Gate<FaultProxy.Orders>
  private let lanes = Guarded<[Lane]>([])
  /// What is to be done when the server answers next; the client does not hear that answer.
  private let answered = Guarded<FaultProxy.Trap?>(nil)

  init(client: Socket, server: Socket, orders: Gate<FaultProxy.Orders>) {
    self.client = client
    self.server = server
    self.orders = orders
  }

  func run(_ ended: @escaping @Sendable () -> Void) {
    let open = Countdown(2)
    let finish = { @Sendable in if open.down() { ended() } }
    let started = [
      try? Lane(name: "to-server") {
        self.toServer()
        finish()
      },
      try? Lane(name: "to-client") {
        self.toClient()
        finish()
      },
    ]
    lanes.withLock { $0 = started.compactMap { $0 } }
  }

  /// Breaks it in both directions at once.
  func cut() {
    orders.withLock { $0.counts.cuts += 1 }
    client.shutDown()
    server.shutDown()
  }

  func join() {
    lanes.withLock { $0 }.forEach { $0.join() }
  }

  private func toServer() {
    var framer = MessageFramer()
    var trap: FaultProxy.Trap?
    while let bytes = client.receive(), !bytes.isEmpty, pass() {
      guard forward(bytes, &framer, &trap) else { return }
    }
    // The server must still read what it was sent, so its side is not broken off.
    server.finishSending()
  }

  /// Sends `bytes` on, as far as the orders allow; false when that was the end.
  private func forward(
    _ bytes: [UInt8], _ framer: inout MessageFramer, _ trap: inout FaultProxy.Trap?
  ) -> Bool {
    for message in framer.step(bytes[...]) where !message.statements.isEmpty {
      trap = trap ?? sprung(by: message.statements)
      if let sprung = trap, sprung.isDue(at: message) {
        if sprung.moment == .sent {
          spring(sprung)
          return false
        }
        answered.withLock { $0 = sprung }
      }
      guard message.commits else { continue }
      switch verdict() {
      case .pass: continue
      case .cutBefore:
        server.shutDown()
        client.shutDown()
        return false
      case .cutAfter:
        // The client first: the answer may be faster than this lane.
        client.shutDown()
        server.send(bytes[..<message.end])
        server.finishSending()
        return false
      }
    }
    return server.send(bytes)
  }

  /// The trap that waits for one of these statements; it is taken.
  private func sprung(by statements: [String]) -> FaultProxy.Trap? {
    orders.withLock { orders in
      guard let trap = orders.trap, statements.contains(where: { $0.contains(trap.text) }) else { return nil }
      orders.trap = nil
      return trap
    }
  }

  private func spring(_ trap: FaultProxy.Trap) {
    trap.action()
    cut()
  }

  private enum Verdict {
    case pass
    case cutBefore
    case cutAfter
  }

  private func verdict() -> Verdict {
    orders.withLock { orders in
      if orders.cutsBeforeCommit > 0 {
        orders.cutsBeforeCommit -= 1
        orders.counts.cuts += 1
        return .cutBefore
      }
      orders.counts.commits += 1
      guard orders.cutsAfterCommit > 0 else { return .pass }
      orders.cutsAfterCommit -= 1
      orders.counts.cuts += 1
      return .cutAfter
    }
  }

  private func toClient() {
    while let bytes = server.receive(), !bytes.isEmpty, pass() {
      if let trap = answered.withLock({ $0 }) { return spring(trap) }
      let delay = orders.withLock { $0.delay }
      if delay > .zero { pause(delay) }
      // Read on when the client is gone: a server that can still speak is a server that can still read.
      client.send(bytes)
    }
    client.shutDown()
    server.shutDown()
  }

  /// Waits while nothing may pass; false when the proxy ends.
  private func pass() -> Bool {
    orders.wait(until: nil) { orders in
      if orders.isStopped { return false }
      return orders.isBlackhole ? nil : true
    } ?? false
  }
}

/// Counts down once from each lane.
private final class Countdown: Sendable {
  private let left: Atomic<Int>

  init(_ count: Int) {
    left = Atomic(count)
  }

  /// Whether that was the last.
  func down() -> Bool { left.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 }
}

// A TCP proxy in front of PostgreSQL that does to connections what networks do.
//
// Each connection has two lanes, one a direction. Faults are orders behind one lock, taken by the lane that next
// has bytes in its hand. A lane wakes from its socket by the other's `shutDown`; nobody closes a socket that another may use.
import Platform

/// Passes bytes between clients and a server, and breaks that on command.
public final class FaultProxy: Sendable {
  /// What went by, and what was done to it.
  public struct Counts: Hashable, Sendable {
    /// Connections that were let through.
    public var connections = 0
    /// Connections that were broken.
    public var cuts = 0
    /// COMMITs the server got.
    public var commits = 0
  }

  /// What is to be done.
  struct Orders: Sendable {
    var cutsAfterCommit = 0
    var cutsBeforeCommit = 0
    var trap: Trap?
    var delay = Duration.zero
    var isBlackhole = false
    var refuses = false
    var isStopped = false
    var counts = Counts()
    var connections: [Int: ProxiedConnection] = [:]
    var nextID = 0
  }

  /// The port clients connect to.
  public let port: UInt16
  let orders = Gate(Orders())
  private let listener: Socket
  private let server: Endpoint
  private let lane = Guarded<Lane?>(nil)

  /// Starts a proxy in front of `server`.
  public init(_ server: Endpoint) throws {
    self.server = server
    listener = try Socket.listen()
    port = try listener.port()
    let lane = try Lane(name: "fault-proxy") { [listener, weak self] in
      while let client = listener.accept() { self?.take(client) }
    }
    self.lane.withLock { $0 = lane }
  }

  deinit {
    stop()
  }

  /// What happened so far.
  public var counts: Counts { orders.withLock { $0.counts } }

  /// Cuts everything that is connected now.
  public func cutAll() {
    let all = orders.withLock { Array($0.connections.values) }
    all.forEach { $0.cut() }
  }

  /// Cuts the connection of each of the next `count` COMMITs once the server has it: the client never hears.
  public func cutAfterCommit(_ count: Int = 1) {
    orders.withLock { $0.cutsAfterCommit = count }
  }

  /// Cuts the connection of each of the next `count` COMMITs before the server has it.
  public func cutBeforeCommit(_ count: Int = 1) {
    orders.withLock { $0.cutsBeforeCommit = count }
  }

  /// Does something, once, when a statement that contains `text` comes to `moment`; then cuts its connection.
  public func when(_ text: String, is moment: Trap.Moment, _ action: @escaping @Sendable () -> Void) {
    orders.withLock { $0.trap = Trap(text: text, moment: moment, action: action) }
  }

  /// Holds everything the server says for `delay`.
  public func delay(_ delay: Duration) {
    orders.withLock { $0.delay = delay }
  }

  /// Passes nothing more, in either direction, and breaks nothing, as a firewall that forgot; until told otherwise.
  public func blackhole(_ isOn: Bool) {
    orders.withLock { $0.isBlackhole = isOn }
    orders.broadcast()
  }

  /// Closes new connections at once, as a server that is down; until told otherwise.
  public func refuse(_ isOn: Bool) {
    orders.withLock { $0.refuses = isOn }
  }

  /// Ends everything.
  public func stop() {
    orders.withLock { $0.isStopped = true }
    orders.broadcast()
    listener.shutDown()
    lane.withLock { $0 }?.join()
    cutAll()
    let all = orders.withLock { Array($0.connections.values) }
    all.forEach { $0.join() }
  }

  private func take(_ client: Socket) {
    client.abortOnClose()
    let isOpen = orders.withLock { !$0.refuses && !$0.isStopped }
    guard isOpen, let upstream = try? Socket.connect(to: server) else { return }
    let connection = ProxiedConnection(client: client, server: upstream, orders: orders)
    let id = orders.withLock { orders in
      orders.nextID += 1
      orders.counts.connections += 1
      orders.connections[orders.nextID] = connection
      return orders.nextID
    }
    connection.run { [orders] in orders.withLock { _ = $0.connections.removeValue(forKey: id) } }
  }
}

// The rounds: one fault after the other in random order, each while producers send. A round counts only if its
// fault is seen to have happened. After every other round both sidecars are waited for until they commit again; the
// others run on into the next fault, so that faults also meet.
import Platform
import TestSupport

/// Does faults to a fleet and its database.
struct Rounds {
  let fleet: Fleet
  let database: TestDatabase
  let ledger: Ledger
  let producers: Producers
  /// The disk of the first sidecar.
  let disk: SmallDisk?
  var random: SeededRandom
  /// How often each fault happened.
  private(set) var counts: [Fault: Int] = [:]
  /// Refusals that a full disk caused.
  private(set) var refusalsByFullDisk = 0
  private var isEven = false

  init(
    _ fleet: Fleet, _ database: TestDatabase, _ ledger: Ledger, _ producers: Producers, disk: SmallDisk?,
    _ random: SeededRandom
  ) {
    self.fleet = fleet
    self.database = database
    self.ledger = ledger
    self.producers = producers
    self.disk = disk
    self.random = random
  }

  private var cluster: TestCluster { database.cluster }

  /// Runs so many rounds of each.
  mutating func run(_ deck: [Fault]) throws {
    for fault in deck.shuffled(using: &random) {
      load()
      try inject(fault)
      counts[fault, default: 0] += 1
      load()
      isEven.toggle()
      if isEven { try waitForCommits() }
    }
  }

  /// Lets the producers work for a while.
  private mutating func load() {
    pause(.milliseconds(Int.random(in: 20...100, using: &random)))
  }

  private mutating func inject(_ fault: Fault) throws {
    let one = Int.random(in: 0..<fleet.count, using: &random)
    switch fault {
    case .killSidecar: try killSidecars([one])
    case .killAllSidecars: try killSidecars(Array(0..<fleet.count))
    case .endSidecar: try endSidecar(one)
    case .cutAll: try cut(one) { $0.cutAll() }
    case .cutAfterCommit: try cut(one) { $0.cutAfterCommit() }
    case .cutBeforeCommit: try cut(one) { $0.cutBeforeCommit() }
    case .killBackend: try killBackend()
    case .killPostmaster: try restartCluster { $0.kill() }
    case .stopBackend: try stopBackend()
    case .databaseDown: try takeDatabaseDown()
    case .blackhole: try blackhole(one)
    case .fullDisk: try fillDisk()
    }
  }

  /// Until each sidecar has sent a COMMIT that came through.
  private func waitForCommits() throws {
    let before = fleet.proxies.map(\.counts.commits)
    for (number, proxy) in fleet.proxies.enumerated() {
      try eventually("a commit of sidecar \(number)", within: .seconds(40)) {
        proxy.counts.commits > before[number]
      }
    }
  }
}

// MARK: sidecars and connections

extension Rounds {
  private mutating func killSidecars(_ numbers: [Int]) throws {
    for number in numbers where !fleet.kill(number) {
      throw TestFailure("sidecar \(number) had ended by itself: \(fleet.log(number).suffix(3_000))")
    }
    if random.once(in: 3) { load() }
    for number in numbers { try fleet.start(number) }
  }

  private func endSidecar(_ number: Int) throws {
    let code = fleet.terminate(number)
    if code != 0 {
      throw TestFailure(
        "SIGTERM ended sidecar \(number) with \(code.map(String.init) ?? "nothing"): \(fleet.log(number).suffix(3_000))"
      )
    }
    try fleet.start(number)
  }

  /// Orders a cut, and waits until something was cut.
  private func cut(_ number: Int, _ order: (FaultProxy) -> Void) throws {
    let proxy = fleet.proxies[number]
    let before = proxy.counts.cuts
    try eventually("a cut connection of sidecar \(number)", within: .seconds(40)) {
      if proxy.counts.cuts == before { order(proxy) }
      return proxy.counts.cuts > before
    }
  }

  /// Passes nothing until the sidecar has given up and tried anew.
  private func blackhole(_ number: Int) throws {
    let proxy = fleet.proxies[number]
    let before = proxy.counts.connections
    proxy.blackhole(true)
    defer { proxy.blackhole(false) }
    try eventually("a sidecar that leaves a dead network", within: .seconds(20)) {
      proxy.counts.connections > before
    }
  }
}

// MARK: PostgreSQL

extension Rounds {
  /// The backends that drain.
  private func backends() throws -> [OtherProcess] {
    try eventually("backends that drain", within: .seconds(40), every: .milliseconds(50)) {
      let pids = try? cluster.psql(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'handoffd/oracle-_'")
      let found = (pids ?? "").split(separator: "\n").compactMap { Int32($0) }.compactMap(OtherProcess.init)
      return found.isEmpty ? nil : found
    }
  }

  private mutating func killBackend() throws {
    guard let victim = try backends().randomElement(using: &random) else { return }
    victim.signal(.kill)
    if !victim.wait(until: SystemTime().now() + .seconds(10)) {
      throw TestFailure("a killed backend lives on")
    }
  }

  private mutating func restartCluster(_ end: (TestCluster) throws -> Void) throws {
    try end(cluster)
    load()
    try cluster.start()
  }

  private mutating func takeDatabaseDown() throws {
    let signal = random.once(in: 2) ? Signal.quit : .interrupt
    let length = Duration.milliseconds(Int.random(in: 200...800, using: &random))
    try restartCluster {
      try $0.stop(signal)
      pause(length)
    }
  }

  /// Stops a backend in the middle of its work, until its sidecar has left it for another.
  private mutating func stopBackend() throws {
    guard let victim = try backends().randomElement(using: &random) else { return }
    let before = connections
    victim.signal(.stop)
    defer { victim.signal(.resume) }
    try eventually("a sidecar that leaves a stuck backend", within: .seconds(20)) { connections > before }
    load()
  }

  private var connections: Int { fleet.proxies.reduce(0) { $0 + $1.counts.connections } }
}

// MARK: the disk

extension Rounds {
  /// Fills the disk of the first sidecar while nothing is drained, until it refuses; then lets it drain again.
  private mutating func fillDisk() throws {
    let proxy = fleet.proxies[0]
    proxy.refuse(true)
    proxy.cutAll()
    try disk?.fill()
    let process = fleet.process(0)
    try eventually("a full spool", within: .seconds(30), every: .milliseconds(1)) {
      producers.send(ledger.large(8, bytes: 12_000, to: 0)).1?.status == 503
    }
    refusalsByFullDisk += 1
    load()
    disk?.relieve()
    proxy.refuse(false)
    try eventually("a spool that takes events again", within: .seconds(30), every: .milliseconds(20)) {
      producers.send(ledger.large(1, bytes: 100, to: 0)).0 == .acknowledged(known: 0)
    }
    if fleet.process(0) !== process { throw TestFailure("the sidecar was restarted in between") }
  }
}

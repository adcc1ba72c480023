import Platform
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct StopTests {
  /// Whether each request has a connection of its own.
  @Test(arguments: [false, true]) func `SIGTERM under load loses no acknowledged event and no reply`(
    anew: Bool
  ) throws {
    let database = try TestCluster.shared().database()
    for round in 0..<3 {
      let load = try Load(round: round, anew: anew)
      let sidecar = try SidecarProcess(
        in: load.directory, .init(["--database-url", database.connectionString]))
      try sidecar.waitUntilReady()
      try load.start(8, at: try sidecar.address())
      try eventually("a sidecar under load", within: .seconds(30)) { load.acknowledged.count > 50 }
      #expect(sidecar.terminate() == 0)
      load.stop()
      // What could not be drained any more is drained by the next.
      let next = try SidecarProcess(
        in: load.directory, .init(["--database-url", database.connectionString]))
      try next.waitUntilReady()
      let acknowledged = load.acknowledged
      try eventually("every acknowledged event in PostgreSQL", within: .seconds(30), every: .milliseconds(50))
      {
        let stored = try database.psql(
          "SELECT event_id FROM handoffd.handoff_events WHERE handoff_id = 'round-\(anew)-\(round)'")
        return acknowledged.isSubset(of: Set(stored.split(separator: "\n").map(String.init)))
      }
      #expect(next.terminate() == 0)
      print("SIGTERM under load: \(load.tally)")
      #expect(load.tally.unanswered == 0)
      #expect(load.tally.strange == [])
    }
  }
}

/// Clients that send one event after the other until they are told to stop.
private final class Load: Sendable {
  struct Tally: Sendable {
    var acknowledged = 0
    /// Told to come again.
    var refused = 0
    /// Connections that the sidecar did not take.
    var unconnected = 0
    /// Requests sent on a connection that the sidecar had taken, and never answered.
    var unanswered = 0
    var strange: [String] = []
  }

  let directory: TemporaryDirectory
  private let name: String
  private let anew: Bool
  private let state = Guarded((tally: Tally(), acknowledged: Set<String>()))
  private let isOver = Atomic<Bool>(false)
  private let lanes = Guarded<[Lane]>([])

  init(round: Int, anew: Bool) throws {
    name = "round-\(anew)-\(round)"
    self.anew = anew
    directory = try TemporaryDirectory("handoffd-stop")
  }

  var tally: Tally { state.withLock { $0.tally } }
  var acknowledged: Set<String> { state.withLock { $0.acknowledged } }

  func start(_ count: Int, at endpoint: Endpoint) throws {
    for number in 0..<count {
      let lane = try Lane(name: "client-\(number)") { [self] in work(number, endpoint) }
      lanes.withLock { $0.append(lane) }
    }
  }

  func stop() {
    isOver.store(true, ordering: .relaxed)
    for lane in lanes.withLock({ $0 }) { lane.join() }
  }

  private func work(_ number: Int, _ endpoint: Endpoint) {
    var connection: HTTPConnection?
    var count = 0
    while !isOver.load(ordering: .relaxed) {
      guard let http = connection ?? (try? HTTPConnection(endpoint)) else {
        state.withLock { $0.tally.unconnected += 1 }
        pause(.milliseconds(5))
        continue
      }
      count += 1
      let id = "\(number)-\(count)"
      let answer = try? http.post(
        "/v1/events", #"{"type":"handoff.step","handoff_id":"\#(name)","event_id":"\#(id)"}"#)
      note(answer, id)
      // The sidecar says which answer is a connection's last; only what comes after that is ours to lose.
      connection = anew || answer?["connection"] == "close" ? nil : http
      if answer == nil { connection = nil }
    }
  }

  private func note(_ answer: HTTPAnswer?, _ id: String) {
    state.withLock { state in
      switch answer?.status {
      case nil: state.tally.unanswered += 1
      case 200:
        state.tally.acknowledged += 1
        state.acknowledged.insert(id)
      case 503: state.tally.refused += 1
      default: state.tally.strange.append(answer?.text ?? "")
      }
    }
  }
}

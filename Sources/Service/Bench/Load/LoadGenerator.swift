// The load: one thread, epoll, keep-alive connections that each have one request under way.
//
// Requests are rendered beforehand, head and all, so that a run measures the server and hardly the client. A request
// goes out with one send(2) where the socket takes it, and its answer is awaited before the connection gets the next.
import CPlatform
import Glibc
public import Platform

/// Sends requests over some connections and measures the answers.
public final class LoadGenerator {
  private let address: String
  private let requests: [[UInt8]]
  private let total: Int
  private let time = SystemTime()
  private let poller: Int32
  private var clients: [LoadClient] = []
  private var next = 0
  private var statuses: [Int: Int] = [:]
  private var failures = 0
  private var latencies: [UInt64] = []

  /// Load of `count` requests (by default each of `requests` once) over `connections` connections to `address`.
  public init(to address: String, connections: Int, requests: [[UInt8]], count: Int? = nil)
    throws(SystemError)
  {
    self.address = address
    self.requests = requests
    total = requests.isEmpty ? 0 : count ?? requests.count
    latencies.reserveCapacity(total)
    poller = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poller >= 0 else { throw SystemError(call: "open", subject: "epoll", errno: errno) }
    for index in 0..<min(connections, max(1, total)) {
      let client = LoadClient(socket: try Socket(to: address))
      clients.append(client)
      watch(client, index, EPOLL_CTL_ADD)
    }
  }

  deinit { close(poller) }

  /// Runs to the end, or until nothing has come for `patience`.
  public func run(patience: Duration = .seconds(30)) -> LoadReport {
    let start = time.now()
    for index in clients.indices { begin(index) }
    var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)
    let wait = Int32(clamping: patience.clampedNanoseconds / 1_000_000)
    while latencies.count + failures < total {
      let count = unsafe epoll_wait(poller, &events, Int32(events.count), wait)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      for index in 0..<Int(count) { unsafe serve(Int(events[index].data.u64), events[index].events) }
    }
    return LoadReport(
      seconds: (time.now() - start).inSeconds, statuses: statuses, failures: failures + unanswered(),
      latencies: latencies)
  }

  private func unanswered() -> Int { clients.count { $0.isBusy } }

  /// Gives the connection its next request, if there is one.
  private func begin(_ index: Int) {
    guard next < total else { return }
    let client = clients[index]
    client.begin(requests[next % requests.count], time.now())
    next += 1
    proceed(index)
  }

  private func serve(_ index: Int, _ ready: UInt32) {
    let client = clients[index]
    if client.isWaitingToSend { proceed(index) }
    guard ready & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 else { return }
    switch client.read() {
    case .nothing: return
    case .answer(let status, let isLast):
      latencies.append(time.now().nanoseconds &- client.start.nanoseconds)
      statuses[status, default: 0] += 1
      if isLast { reconnect(index) }
      begin(index)
    case .ended:
      if client.isBusy { failures += 1 }
      client.isBusy = false
      reconnect(index)
      begin(index)
    }
  }

  private func proceed(_ index: Int) {
    let client = clients[index]
    let wasWaiting = client.isWaitingToSend
    client.write()
    if client.isWaitingToSend != wasWaiting { watch(client, index, EPOLL_CTL_MOD) }
  }

  private func reconnect(_ index: Int) {
    clients[index].socket.close()
    guard next < total, let socket = try? Socket(to: address) else { return }
    clients[index] = LoadClient(socket: socket)
    watch(clients[index], index, EPOLL_CTL_ADD)
  }

  private func watch(_ client: LoadClient, _ index: Int, _ operation: Int32) {
    client.socket.setNonBlocking()
    var event = unsafe epoll_event()
    unsafe event.events = EPOLLIN.rawValue | (client.isWaitingToSend ? EPOLLOUT.rawValue : 0)
    unsafe event.data.u64 = UInt64(index)
    unsafe epoll_ctl(poller, operation, client.socket.number, &event)
  }
}

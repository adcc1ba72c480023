import CMicrohttpd
import Glibc
import Synchronization

/// The library's callbacks: each finds its object and calls it.
///
/// Because of all the `unsafe` here: the library hands back the pointers it was given. The context is its
/// daemon's, and a connection is retained from its first notification to its last.
enum Callbacks {
  static let notify: MHD_NotifyConnectionCallback = { context, handle, slot, code in
    guard let context = unsafe context, let handle = unsafe handle, let slot = unsafe slot else { return }
    if code == hd_mhd_started {
      unsafe slot.pointee = opened(Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue(), handle)
    } else if let connection = unsafe slot.pointee {
      unsafe slot.pointee = nil
      unsafe closed(Unmanaged<Connection>.fromOpaque(connection).takeRetainedValue())
    }
  }

  static let target:
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?
    ) -> UnsafeMutableRawPointer? = { _, text, handle in
      guard let connection = unsafe connection(handle) else { return nil }
      let bytes = unsafe UnsafeRawBufferPointer(start: text, count: text.map { unsafe strlen($0) } ?? 0)
      unsafe connection.targetArrived(Array(bytes))
      return nil
    }

  static let unescape:
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?
    ) -> Int = { _, _, text in
      unsafe text.map { unsafe strlen($0) } ?? 0
    }

  static let answer: MHD_AccessHandlerCallback = { _, handle, url, method, version, data, size, context in
    guard let handle = unsafe handle, let size = unsafe size, let context = unsafe context else {
      return hd_mhd_no
    }
    if let known = unsafe context.pointee {
      let connection = unsafe Unmanaged<Connection>.fromOpaque(known).takeUnretainedValue()
      return unsafe connection.called(
        with: UnsafeRawBufferPointer(start: data, count: size.pointee), taken: size)
    }
    guard let connection = unsafe connection(handle), let url = unsafe url, let method = unsafe method,
      let version = unsafe version
    else { return hd_mhd_no }
    unsafe context.pointee = Unmanaged.passUnretained(connection).toOpaque()
    return unsafe connection.begin(method: method, target: url, version: version)
  }

  static let completed: MHD_RequestCompletedCallback = { _, handle, context, code in
    unsafe context?.pointee = nil
    unsafe connection(handle)?.exchangeEnded(isSent: code == hd_mhd_completed)
  }

  private static func connection(_ handle: OpaquePointer?) -> Connection? {
    guard let handle = unsafe handle, let context = unsafe hd_mhd_socket_context(handle) else { return nil }
    return unsafe Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
  }

  private static func opened(_ context: DaemonContext, _ handle: OpaquePointer) -> UnsafeMutableRawPointer {
    let core = context.core
    let connection = unsafe Connection(
      context: context, handle: handle, socket: hd_mhd_socket(handle),
      peer: PeerAddress.text(hd_mhd_peer(handle)),
      isSurplus: core.connections.count >= core.servedLimit)
    core.counters.accepted.count()
    core.connections.add(connection)
    return unsafe Unmanaged.passRetained(connection).toOpaque()
  }

  private static func closed(_ connection: Connection) {
    connection.core.connections.remove(connection)
    connection.closed()
  }
}

extension Connection {
  /// The first call for a request: its head is there.
  fileprivate func begin(
    method: UnsafePointer<CChar>, target: UnsafePointer<CChar>, version: UnsafePointer<CChar>
  ) -> MHD_Result {
    let reading = unsafe HeadReading(
      handle, method: method, target: target, targetCount: self.target.count, version: version,
      limits: core.limits)
    return carryOut(headArrived(reading))
  }

  /// A later call: a piece of the body, or nothing, when the body is over or the connection was resumed.
  fileprivate func called(with data: UnsafeRawBufferPointer, taken: UnsafeMutablePointer<Int>) -> MHD_Result {
    guard data.count > 0 else { return carryOut(requestArrived()) }
    // What is not taken would be offered again only after more has come, and more may not come.
    unsafe taken.pointee = 0
    return unsafe bodyArrived(data) ? hd_mhd_yes : hd_mhd_no
  }

  private func carryOut(_ verdict: Verdict) -> MHD_Result {
    switch verdict {
    case .wait: return hd_mhd_yes
    case .hangUp: return hd_mhd_no
    case .suspend:
      unsafe MHD_suspend_connection(handle)
      if wasSuspended() { resume() }
      return hd_mhd_yes
    case .answer(let response, let isLast):
      let isLast = isLast || core.isDraining.load(ordering: .relaxed)
      begin(response.stream)
      guard LibraryResponse.queue(response, isLast: isLast, on: self) else { return hd_mhd_no }
      answerQueued(response.status)
      return hd_mhd_yes
    }
  }

  /// There is nothing to send yet.
  func suspendStream() {
    unsafe MHD_suspend_connection(handle)
    if mustGoOn() { resume() }
  }
}

import Platform

/// A postmaster: a child of this process, or one that an earlier sidecar left.
enum RunningServer: Sendable {
  case child(ChildProcess)
  case adopted(OtherProcess)

  /// The process id.
  var pid: Int32 {
    switch self {
    case .child(let child): child.pid
    case .adopted(let process): process.pid
    }
  }

  /// Whether it has not ended; a child that has is waited for.
  var isRunning: Bool {
    switch self {
    case .child(let child): child.isRunning
    case .adopted(let process): process.isRunning
    }
  }

  /// Sends `signal`, unless it has ended.
  func signal(_ signal: Signal) {
    switch self {
    case .child(let child): child.signal(signal)
    case .adopted(let process): process.signal(signal)
    }
  }

  /// Waits until it has ended; false when `deadline` came first.
  func wait(until deadline: MonotonicInstant) -> Bool {
    switch self {
    case .child(let child): child.wait(until: deadline) != nil
    case .adopted(let process): process.wait(until: deadline)
    }
  }

  /// Ends it within `limit`: a fast shutdown, then an immediate one, which the next start has to recover
  /// from, then by force.
  ///
  /// Returns the signal that did it.
  func end(within limit: Duration, time: any TimeSource) -> Signal {
    let start = time.now()
    for (signal, share) in [(Signal.interrupt, 0.6), (.quit, 0.9)] {
      self.signal(signal)
      if wait(until: start + limit * share) { return signal }
    }
    signal(.kill)
    _ = wait(until: max(start + limit, time.now() + .seconds(1)))
    return .kill
  }
}

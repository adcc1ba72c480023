import Glibc

/// A signal by name.
public enum Signal: Int32, Hashable, Sendable {
  case hangUp = 1
  case interrupt = 2
  case quit = 3
  case kill = 9
  case terminate = 15
  case resume = 18
  case stop = 19
}

/// Signals as values: they are blocked everywhere, and one lane takes them in order.
public enum Signals {
  /// Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it starts, and ignores SIGPIPE.
  ///
  /// To be called in main before there are threads.
  public static func block() {
    var set = taken()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    ignorePipe()
  }

  /// A write to a closed socket or pipe is an error for the writer, not the end of the process.
  public static func ignorePipe() {
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
  }

  /// The next of the blocked signals; nil when `deadline` came first.
  ///
  /// No deadline: waits for ever.
  public static func wait(until deadline: MonotonicInstant? = nil) -> Signal? {
    var set = taken()
    while true {
      let number: Int32
      if let deadline, deadline != .distantFuture {
        let left = max(0, (deadline - SystemTime().now()).clampedNanoseconds)
        var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        number = unsafe sigtimedwait(&set, nil, &time)
      } else {
        number = unsafe sigwaitinfo(&set, nil)
      }
      if let signal = Signal(rawValue: number) { return signal }
      if errno != EINTR { return nil }
    }
  }

  /// Sends `signal` to the process `pid`; false when there is none, or it is not ours.
  @discardableResult
  public static func send(_ signal: Signal, to pid: Int32) -> Bool {
    // 0 and negative numbers would reach whole groups.
    pid > 0 && Glibc.kill(pid, signal.rawValue) == 0
  }

  /// Sends `signal` to the calling thread alone.
  public static func sendToThisThread(_ signal: Signal) {
    pthread_kill(pthread_self(), signal.rawValue)
  }

  /// Whether there is a process `pid`, ours or not; one that ended but was not waited for counts.
  public static func isAlive(_ pid: Int32) -> Bool {
    pid > 0 && (Glibc.kill(pid, 0) == 0 || errno == EPERM)
  }

  private static func taken() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in [Signal.terminate, .interrupt, .hangUp] { unsafe sigaddset(&set, signal.rawValue) }
    return set
  }
}

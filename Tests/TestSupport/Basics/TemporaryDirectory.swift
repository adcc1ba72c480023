import Platform

/// A directory of a test's own; it and the processes that work in it go with the object, at the latest with the run.
public final class TemporaryDirectory: Sendable {
  /// Where it is: absolute and without links.
  public let path: String

  /// Makes one in `parent`, else where temporary files go; 0711, so that a server with a user of its own can walk through.
  public init(_ prefix: String = "handoffd-test", in parent: String? = nil, mode: UInt32 = 0o711) throws {
    path = try Directory.canonical(try Directory.temporary(prefix: prefix, in: parent))
    Undertaker.shared.take(path)
    try Directory.setMode(path, mode)
  }

  deinit {
    remove()
  }

  /// The path of something in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Ends the processes that work in it, and removes it.
  public func remove() {
    endProcesses()
    if (try? Directory.removeTree(path)) != nil { Undertaker.shared.release(path) }
  }

  /// Ends the processes that work in it or below: gently first, so that PostgreSQL gives back its shared memory.
  public func endProcesses() {
    let time = SystemTime()
    for signal in [Signal.quit, .kill] {
      let processes = workers()
      processes.forEach {
        $0.signal(signal)
        $0.signal(.resume)
      }
      let deadline = time.now() + .seconds(5)
      for process in processes { _ = process.wait(until: deadline) }
    }
  }

  private func workers() -> [OtherProcess] {
    let numbers = ((try? Directory.list("/proc")) ?? []).compactMap { Int32($0) }
    return numbers.compactMap { number in
      guard let place = Directory.destination(ofLink: "/proc/\(number)/cwd"),
        place == path || place.hasPrefix(path + "/"), number != Identity.pid
      else { return nil }
      return OtherProcess(number)
    }
  }
}

import CPlatform
import Glibc

/// A process that this one did not start, held so that a signal can never reach its successor.
public final class OtherProcess: Sendable {
  /// The system's number.
  public let pid: Int32
  /// Becomes readable when the process ends, also if nobody waits for it.
  private let handle: FileDescriptor?

  /// Takes hold of the process `pid`; nil when there is none, or only what is left of it (a zombie).
  public init?(_ pid: Int32) {
    self.pid = pid
    guard pid > 0 else { return nil }
    let number = hd_pidfd_open(pid)
    if number < 0, errno == ESRCH { return nil }
    handle = number < 0 ? nil : FileDescriptor(owning: number, path: "process \(pid)")
    if !isRunning { return nil }
  }

  /// The processes that work in `directory`, this one left out.
  ///
  /// Only the user's own, unless root asks.
  public static func all(workingIn directory: FileStatus.Identity) -> [OtherProcess] {
    let numbers = ((try? Directory.list("/proc")) ?? []).compactMap { Int32($0) }
    return numbers.compactMap { number in
      guard number != getpid(), workingDirectory(of: number) == directory else { return nil }
      // Looked at again once it is held: the number may have changed hands.
      guard let process = OtherProcess(number), process.works(in: directory) else { return nil }
      return process
    }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool {
    if let handle { return (try? handle.waitReadable(until: .distantPast)) == false }
    // A kernel before 5.3 has no handles.
    guard let file = try? FileDescriptor.open("/proc/\(pid)/stat", .read),
      let bytes = try? file.readToEnd(limit: 4_096), let close = bytes.lastIndex(of: 41)
    else { return false }
    // `) Z (zombie)`: it ended, and nobody has waited for it.
    let state = bytes[close...].dropFirst(2).first
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
  }

  /// Whether `directory` is its working directory.
  public func works(in directory: FileStatus.Identity) -> Bool {
    Self.workingDirectory(of: pid) == directory
  }

  /// The path of its program, with ` (deleted)` behind it when it was replaced since.
  public var executable: String? {
    Directory.destination(ofLink: "/proc/\(pid)/exe")
  }

  /// Sends `signal`, unless it has ended.
  public func signal(_ signal: Signal) {
    if let handle {
      _ = hd_pidfd_signal(handle.number, signal.rawValue)
    } else if isRunning {
      Signals.send(signal, to: pid)
    }
  }

  /// Waits until it has ended; false when `deadline` came first.
  public func wait(until deadline: MonotonicInstant) -> Bool {
    let time = SystemTime()
    while isRunning {
      if time.now() >= deadline { return false }
      if let handle { _ = try? handle.waitReadable(until: deadline) } else { usleep(10_000) }
    }
    return true
  }

  private static func workingDirectory(of pid: Int32) -> FileStatus.Identity? {
    try? FileDescriptor.open("/proc/\(pid)/cwd", [.read, .directory]).status().identity
  }
}

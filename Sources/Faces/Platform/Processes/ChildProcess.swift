import CPlatform
import Glibc

/// A process this one started.
///
/// It must be waited for, or it stays a zombie until this process ends.
public final class ChildProcess: Sendable {
  /// The system's number.
  ///
  /// After `wait` gave a code it may be another's.
  public let pid: Int32
  /// The reading end of its output, when that is a pipe.
  public let output: FileDescriptor?
  /// The reading end of its errors, when those are a pipe of their own.
  public let errors: FileDescriptor?
  /// Becomes readable when the process ends.
  private let handle: FileDescriptor?
  private let code = Guarded<Int32?>(nil)

  private init(pid: Int32, output: FileDescriptor?, errors: FileDescriptor?) {
    self.pid = pid
    self.output = output
    self.errors = errors
    let number = hd_pidfd_open(pid)
    handle = number < 0 ? nil : FileDescriptor(owning: number, path: "process \(pid)")
  }

  deinit {
    _ = reap()
  }

  /// Starts `command`.
  ///
  /// What goes wrong before the program runs, also in the child, is thrown here.
  public static func spawn(_ command: Command) throws(SystemError) -> ChildProcess {
    let nothing = command.input == nil ? try FileDescriptor.open("/dev/null", .read) : nil
    let input = command.input ?? nothing
    let output = try Target(command.output, inherited: 1)
    let errors = command.errors == .output ? nil : try Target(command.errors, inherited: 2)
    let strings = CStrings(command)
    var pid: Int32 = 0
    var step: Int32 = 0
    let result = unsafe strings.withPointers { executable, arguments, environment, directory in
      var request = unsafe hd_spawn_request(
        executable: executable, arguments: arguments, environment: environment, directory: directory,
        input: input?.number ?? 0, output: output.number, error: errors?.number ?? output.number,
        change_user: command.runAs != nil, user: command.runAs?.uid ?? 0, group: command.runAs?.gid ?? 0,
        new_session: command.ownSession, die_with_parent: command.diesWithParent)
      return unsafe hd_spawn(&request, &pid, &step)
    }
    if result != 0 { throw failure(command, step, result) }
    return ChildProcess(pid: pid, output: output.reading, errors: errors?.reading)
  }

  private static func failure(_ command: Command, _ step: Int32, _ errno: Int32) -> SystemError {
    let (call, subject): (String, String) =
      switch hd_spawn_step(UInt32(bitPattern: step)) {
      case hd_spawn_fork, hd_spawn_pipe: ("fork for", command.executable)
      case hd_spawn_session: ("start a session for", command.executable)
      case hd_spawn_files: ("set the streams of", command.executable)
      case hd_spawn_user: ("become user \(command.runAs?.uid ?? 0) for", command.executable)
      case hd_spawn_directory: ("enter", command.workingDirectory ?? ".")
      default: ("execute", command.executable)
      }
    return SystemError(call: call, subject: subject, errno: errno)
  }

  /// The exit code, or 128 plus the signal that ended it; nil when `deadline` came first.
  public func wait(until deadline: MonotonicInstant) -> Int32? {
    let time = SystemTime()
    while true {
      if let code = reap() { return code }
      if time.now() >= deadline { return nil }
      if let handle {
        _ = try? handle.waitReadable(until: deadline)
      } else {
        // A kernel before 5.3 has no handles.
        usleep(10_000)
      }
    }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool { reap() == nil }

  /// Sends `signal`, unless it has ended.
  public func signal(_ signal: Signal) {
    // Under the lock, so that the number cannot become another process's in between.
    code.withLock { if $0 == nil { _ = Glibc.kill(pid, signal.rawValue) } }
  }

  private func reap() -> Int32? {
    code.withLock { code in
      if code != nil { return code }
      var status: Int32 = 0
      let result = unsafe waitpid(pid, &status, WNOHANG)
      // Somebody else may have waited for it; then the code is lost, and 127 says that it is gone.
      if result == pid { code = hd_exit_code(status) } else if result < 0, errno == ECHILD { code = 127 }
      return code
    }
  }

  /// What it writes to its piped output until it ends, at most `limit` bytes (the rest is read and dropped).
  func collect(limit: Int, until deadline: MonotonicInstant) throws(SystemError) -> [UInt8] {
    guard let output else { return [] }
    var whole: [UInt8] = []
    let time = SystemTime()
    while time.now() < deadline {
      // Asked before the pipe: what was written before the end is then still read. A grandchild may keep
      // the pipe open for ever.
      let ended = !isRunning
      if try output.waitReadable(until: ended ? .distantPast : min(deadline, time.now() + .milliseconds(50)))
      {
        let piece = try output.readSome(upTo: 65_536)
        if piece.isEmpty { break }
        whole += piece.prefix(limit - whole.count)
      } else if ended {
        break
      }
    }
    return whole
  }
}

/// One stream of a child: what it writes to, and what this process reads.
private struct Target {
  let number: Int32
  let reading: FileDescriptor?
  private let writing: FileDescriptor?

  init(_ stream: Command.Stream, inherited: Int32) throws(SystemError) {
    switch stream {
    case .inherit, .output:
      (number, reading, writing) = (inherited, nil, nil)
      return
    case .discard:
      (reading, writing) = (nil, try FileDescriptor.open("/dev/null", .write))
    case .file(let path):
      (reading, writing) = (nil, try FileDescriptor.open(path, [.write, .create, .append]))
    case .pipe:
      let ends = try FileDescriptor.pipe()
      (reading, writing) = (ends.read, ends.write)
    }
    number = writing?.number ?? inherited
  }
}

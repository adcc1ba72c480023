/// A program to be started, and how.
public struct Command: Sendable {
  /// Where a stream of the child goes.
  public enum Stream: Hashable, Sendable {
    /// Where this process's own goes.
    case inherit
    /// Nowhere.
    case discard
    /// To the end of the file at this path.
    case file(String)
    /// To `ChildProcess.output` or `.errors`.
    case pipe
    /// For errors: where the output goes.
    case output
  }

  /// The user a child becomes.
  public struct Account: Hashable, Sendable {
    /// The user's number.
    public var uid: UInt32
    /// The group's number.
    public var gid: UInt32

    /// Names an account by its numbers.
    public init(uid: UInt32, gid: UInt32) {
      self.uid = uid
      self.gid = gid
    }
  }

  /// The path of the program; `PATH` is not searched.
  public var executable: String
  /// The arguments, without the program's own name.
  public var arguments: [String]
  /// The whole environment of the child; nil: this process's.
  public var environment: [String: String]?
  /// The directory it starts in; nil: this process's.
  public var workingDirectory: String?
  /// The user it becomes; nil: this process's.
  public var runAs: Account?
  /// What it reads; nil: nothing.
  public var input: FileDescriptor?
  /// Where its output goes.
  public var output: Stream
  /// Where its errors go.
  public var errors: Stream
  /// Whether it leaves the terminal's session, so that Ctrl-C reaches this process only.
  public var ownSession: Bool
  /// Whether it is killed when the thread that starts it ends, as it does when this process is killed.
  public var diesWithParent = false

  /// Describes a child; by default it inherits everything but the terminal's session.
  public init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil,
    workingDirectory: String? = nil, runAs: Account? = nil, input: FileDescriptor? = nil,
    output: Stream = .inherit, errors: Stream = .inherit, ownSession: Bool = true
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.runAs = runAs
    self.input = input
    self.output = output
    self.errors = errors
    self.ownSession = ownSession
  }

  /// What a finished child left.
  public struct Outcome: Hashable, Sendable {
    /// The exit code, or 128 plus the signal that ended it.
    public var code: Int32
    /// What it wrote, errors included.
    public var output: String
  }

  /// Runs it to the end and collects what it writes (the first MiB).
  ///
  /// At `deadline` it is killed, and ETIMEDOUT thrown.
  public func run(until deadline: MonotonicInstant) throws(SystemError) -> Outcome {
    var command = self
    command.output = .pipe
    command.errors = .output
    let child = try ChildProcess.spawn(command)
    let output = try child.collect(limit: 1 << 20, until: deadline)
    guard let code = child.wait(until: deadline) else {
      child.signal(.kill)
      _ = child.wait(until: SystemTime().now() + .seconds(5))
      throw SystemError(call: "run", subject: executable, errno: 110)
    }
    return Outcome(code: code, output: String(decoding: output, as: UTF8.self))
  }
}

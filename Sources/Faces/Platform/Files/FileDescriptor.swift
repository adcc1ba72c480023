import CPlatform
import Glibc

/// An open file, owned: closed when the last reference goes, and never inherited by a child.
public final class FileDescriptor: Sendable {
  /// The system's number; valid as long as this object lives.
  public let number: Int32
  /// What it was opened as, for error texts.
  public let path: String

  /// Takes over an open descriptor.
  public init(owning number: Int32, path: String) {
    self.number = number
    self.path = path
  }

  deinit {
    Glibc.close(number)
  }

  /// How a file is opened.
  public struct Options: OptionSet, Sendable {
    /// The bits, our own and not the system's.
    public let rawValue: Int
    /// Wraps bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// For reading; with `write`, for both.
    public static let read = Options(rawValue: 1)
    /// For writing.
    public static let write = Options(rawValue: 2)
    /// Made when it is not there.
    public static let create = Options(rawValue: 4)
    /// With `create`: refused when it is there.
    public static let exclusive = Options(rawValue: 8)
    /// Emptied.
    public static let truncate = Options(rawValue: 16)
    /// Every write goes to the end.
    public static let append = Options(rawValue: 32)
    /// Refused when the last component is a symbolic link.
    public static let noFollow = Options(rawValue: 64)
    /// Refused unless it is a directory.
    public static let directory = Options(rawValue: 128)

    /// The system's flags.
    var flags: Int32 {
      var flags = O_CLOEXEC
      flags |= contains(.write) ? (contains(.read) ? O_RDWR : O_WRONLY) : O_RDONLY
      let pairs: [(Options, Int32)] = [
        (.create, O_CREAT), (.exclusive, O_EXCL), (.truncate, O_TRUNC), (.append, O_APPEND),
        (.noFollow, O_NOFOLLOW), (.directory, O_DIRECTORY),
      ]
      for (option, flag) in pairs where contains(option) { flags |= flag }
      return flags
    }
  }

  /// Opens `path`; a new file gets `mode` (0600 unless told).
  public static func open(
    _ path: String, _ options: Options, mode: UInt32 = 0o600
  ) throws(SystemError) -> FileDescriptor {
    try unsafe withPath(path, "open") { pointer throws(SystemError) in
      let number = try retried("open", path) { unsafe hd_open(pointer, options.flags, mode) }
      return FileDescriptor(owning: number, path: path)
    }
  }

  /// Both ends of a new pipe.
  public static func pipe() throws(SystemError) -> (read: FileDescriptor, write: FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    if unsafe hd_pipe(&ends) != 0 { throw .last("open", "a pipe") }
    return (
      FileDescriptor(owning: ends[0], path: "a pipe"), FileDescriptor(owning: ends[1], path: "a pipe")
    )
  }
}

/// Calls again after EINTR, and throws on any other failure.
func retried(
  _ call: String, _ subject: String, _ body: () -> Int32
) throws(SystemError) -> Int32 {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw .last(call, subject) }
  }
}

import Glibc

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, as a verb: `open`, `write`.
  public var call: String
  /// On what, usually a path.
  public var subject: String
  /// The system's number for the reason.
  public var errno: Int32

  /// Names a failure.
  public init(call: String, subject: String, errno: Int32) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }

  /// The reason in words.
  public var reason: String {
    // Since glibc 2.32 the buffer belongs to the thread.
    guard let text = unsafe strerror(errno) else { return "error" }
    return unsafe String(cString: text)
  }

  /// Such as `cannot open /x: Permission denied (13)`.
  public var description: String {
    "cannot \(call) \(subject): \(reason) (\(errno))"
  }

  /// The failure that the calling thread has just met.
  static func last(_ call: String, _ subject: String) -> SystemError {
    SystemError(call: call, subject: subject, errno: Glibc.errno)
  }
}

/// Names for the numbers that callers tell apart.
extension SystemError {
  /// Whether the disk or a quota is full.
  public var isOutOfSpace: Bool { errno == ENOSPC || errno == EDQUOT }
  /// Whether there is no such file.
  public var isNotFound: Bool { errno == ENOENT }
  /// Whether the file was there before.
  public var isAlreadyThere: Bool { errno == EEXIST }
  /// Whether nobody reads the other end any more.
  public var isBrokenPipe: Bool { errno == EPIPE }
}

/// Calls `body` with a C path; refuses a path with NUL, which C would cut.
func withPath<Result>(
  _ path: String, _ call: String, _ body: (UnsafePointer<CChar>) throws(SystemError) -> Result
) throws(SystemError) -> Result {
  if path.utf8.contains(0) { throw SystemError(call: call, subject: path, errno: EINVAL) }
  var outcome: Swift.Result<Result, SystemError>?
  unsafe path.withCString { pointer in
    do throws(SystemError) {
      outcome = .success(try unsafe body(pointer))
    } catch {
      outcome = .failure(error)
    }
  }
  guard let outcome else { throw SystemError(call: call, subject: path, errno: EINVAL) }
  return try outcome.get()
}

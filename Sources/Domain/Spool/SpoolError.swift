import Platform

/// Why a spool cannot be opened.
public struct SpoolError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds that callers tell apart.
  public enum Code: String, Hashable, Sendable {
    /// Another process has it.
    case locked
    /// A newer version wrote it.
    case newerFormat
    /// A link or another user's files are where ours should be.
    case untrusted
    /// The disk says no.
    case unusable
  }

  /// What kind it is.
  public var code: Code
  /// The directory or file.
  public var subject: String
  /// What was found.
  public var cause: String
  /// What to do about it.
  public var hint: String

  /// Such as `cannot open spool /x: locked by pid 7; stop that process, or give this one …`.
  public var description: String { "cannot open spool \(subject): \(cause); \(hint)" }

  static func locked(_ directory: String, by pid: Int32?) -> SpoolError {
    let holder = pid.map { "pid \($0)" } ?? "another process"
    return SpoolError(
      code: .locked, subject: directory, cause: "spool locked by \(holder)",
      hint: "stop that process, or give this one a data directory of its own")
  }

  static func newerFormat(_ path: String, _ version: UInt32) -> SpoolError {
    SpoolError(
      code: .newerFormat, subject: path,
      cause:
        "spool format \(version) is newer than \(SegmentHeader.supported), the newest this version reads",
      hint: "nothing was changed; start the newer version again, or let it drain this spool first")
  }

  static func notDirectory(_ path: String) -> SpoolError {
    SpoolError(
      code: .untrusted, subject: path, cause: "it is not a directory, or a symbolic link to one",
      hint: "nothing was changed; remove it, or name the real directory")
  }

  static func foreignOwner(_ path: String, _ owner: UInt32) -> SpoolError {
    SpoolError(
      code: .untrusted, subject: path,
      cause: "it belongs to user \(owner) and this process is user \(Identity.uid)",
      hint: "nothing was changed; run as that user, or change the owner of all that is in it")
  }

  static func notOurs(_ path: String, _ error: SystemError) -> SpoolError {
    SpoolError(
      code: .untrusted, subject: path,
      cause: "it is a symbolic link or another user's file (\(error.reason))",
      hint: "nothing was changed; run as its owner, or move it away")
  }

  static func unusable(_ path: String, _ error: SystemError) -> SpoolError {
    SpoolError(
      code: .unusable, subject: path, cause: error.description,
      hint: "nothing was changed; make the directory usable for user \(Identity.uid), or name another")
  }
}

import Glibc

/// What a file is, as the system tells.
public struct FileStatus: Hashable, Sendable {
  /// The kinds that callers tell apart.
  public enum Kind: Hashable, Sendable {
    case file
    case directory
    case symbolicLink
    case other
  }

  /// What two names of the same file have in common.
  public struct Identity: Hashable, Sendable {
    /// The file system.
    public var device: UInt64
    /// The number on it.
    public var inode: UInt64
  }

  /// The kind.
  public var kind: Kind
  /// The length in bytes.
  public var size: Int64
  /// The disk space taken, in bytes.
  public var allocated: Int64
  /// Which file it is, whatever it is called.
  public var identity: Identity
  /// How many names it has; none when it was removed while open.
  public var links: Int
  /// The user that owns it.
  public var owner: UInt32
  /// The permission bits.
  public var mode: UInt32

  init(_ raw: stat) {
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    size = Int64(raw.st_size)
    allocated = Int64(raw.st_blocks) &* 512
    identity = Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
    links = Int(raw.st_nlink)
    owner = raw.st_uid
    mode = raw.st_mode & 0o7777
  }

  /// What `path` is; a symbolic link is not followed.
  ///
  /// Nil when nothing is there.
  public static func of(_ path: String) throws(SystemError) -> FileStatus? {
    try unsafe withPath(path, "examine") { pointer throws(SystemError) in
      var raw = stat()
      if unsafe lstat(pointer, &raw) == 0 { return FileStatus(raw) }
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .last("examine", path)
    }
  }
}

/// The file system that holds a path.
public struct Volume: Hashable, Sendable {
  /// All of it, in bytes.
  public var capacity: Int64
  /// What this process may still take, in bytes.
  public var available: Int64

  /// The volume of `path`.
  public static func of(_ path: String) throws(SystemError) -> Volume {
    try unsafe withPath(path, "examine the volume of") { pointer throws(SystemError) in
      var raw = statvfs()
      if unsafe statvfs(pointer, &raw) != 0 { throw .last("examine the volume of", path) }
      let block = UInt64(raw.f_frsize)
      return Volume(
        capacity: Int64(clamping: block.multipliedReportingOverflow(by: UInt64(raw.f_blocks)).partialValue),
        available: Int64(clamping: block.multipliedReportingOverflow(by: UInt64(raw.f_bavail)).partialValue))
    }
  }
}

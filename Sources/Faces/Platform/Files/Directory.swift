import Glibc

/// Operations on directories and their entries, by path.
public enum Directory {
  /// Makes `path` and what is missing above it; what is there stays as it is.
  public static func create(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
    do throws(SystemError) {
      try make(path, mode)
    } catch  where error.isNotFound {
      guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw error }
      try create(String(path[..<slash]), mode: mode)
      try make(path, mode)
    }
  }

  private static func make(_ path: String, _ mode: UInt32) throws(SystemError) {
    try unsafe withPath(path, "create") { pointer throws(SystemError) in
      if unsafe mkdir(pointer, mode) == 0 { return }
      let failure = SystemError.last("create", path)
      var raw = stat()
      let isThere = unsafe stat(pointer, &raw) == 0 && failure.isAlreadyThere
      if isThere, FileStatus(raw).kind == .directory { return }
      throw failure
    }
  }

  /// The working directory of this process; `/` when it is gone.
  public static var working: String {
    guard let pointer = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(pointer) }
    return unsafe String(validatingCString: pointer) ?? "/"
  }

  /// The names in `path`, sorted, without `.` and `..`.
  ///
  /// Names that are not UTF-8 are left out.
  public static func list(_ path: String) throws(SystemError) -> [String] {
    try unsafe withPath(path, "list") { pointer throws(SystemError) in
      guard let stream = unsafe opendir(pointer) else { throw .last("list", path) }
      defer { unsafe closedir(stream) }
      var names: [String] = []
      while true {
        errno = 0
        guard let entry = unsafe readdir(stream) else {
          if errno != 0 { throw .last("list", path) }
          return names.sorted()
        }
        if let name = unsafe name(entry), name != ".", name != ".." { names.append(name) }
      }
    }
  }

  private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String? {
    unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
    }
  }

  /// Waits until the entries of `path` are on stable storage.
  public static func sync(_ path: String) throws(SystemError) {
    let directory = try FileDescriptor.open(path, [.read, .directory])
    _ = try retried("sync", path) { fsync(directory.number) }
  }

  /// Removes a file, a symbolic link or an empty directory.
  public static func remove(_ path: String) throws(SystemError) {
    try unsafe withPath(path, "remove") { pointer throws(SystemError) in
      if unsafe Glibc.remove(pointer) != 0 { throw .last("remove", path) }
    }
  }

  /// Removes `path` with everything in it, following no link; nothing there is fine.
  public static func removeTree(_ path: String) throws(SystemError) {
    guard let status = try FileStatus.of(path) else { return }
    if status.kind == .directory {
      for name in try list(path) { try removeTree(path + "/" + name) }
    }
    try remove(path)
  }

  /// Gives a file another name; what had that name is replaced.
  public static func rename(_ old: String, to new: String) throws(SystemError) {
    try unsafe withPath(old, "rename") { from throws(SystemError) in
      try unsafe withPath(new, "rename") { to throws(SystemError) in
        if unsafe Glibc.rename(from, to) != 0 { throw .last("rename", "\(old) to \(new)") }
      }
    }
  }

  /// Whether something is at `path`; a symbolic link counts, wherever it leads.
  public static func exists(_ path: String) -> Bool {
    (try? FileStatus.of(path)) != nil
  }

  /// Where `path` leads: absolute, without links and dots.
  ///
  /// It must exist.
  public static func canonical(_ path: String) throws(SystemError) -> String {
    try unsafe withPath(path, "resolve") { pointer throws(SystemError) in
      guard let resolved = unsafe realpath(pointer, nil) else { throw .last("resolve", path) }
      defer { unsafe free(resolved) }
      return unsafe String(cString: resolved)
    }
  }

  /// What the symbolic link at `path` says; nil when there is none, or it may not be read.
  public static func destination(ofLink path: String) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let length = unsafe readlink(path, start, buffer.count)
      guard length > 0, length < buffer.count else { return nil }
      return unsafe String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Sets owner and group.
  public static func setOwner(_ path: String, user: UInt32, group: UInt32) throws(SystemError) {
    try unsafe withPath(path, "change the owner of") { pointer throws(SystemError) in
      if unsafe lchown(pointer, user, group) != 0 { throw .last("change the owner of", path) }
    }
  }

  /// Sets the permission bits.
  public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
    try unsafe withPath(path, "change the mode of") { pointer throws(SystemError) in
      if unsafe chmod(pointer, mode) != 0 { throw .last("change the mode of", path) }
    }
  }

  /// A new directory with a name of its own, under `parent` (`$TMPDIR` or `/tmp` unless told).
  public static func temporary(prefix: String, in parent: String? = nil) throws(SystemError) -> String {
    let parent = parent ?? Environment.value("TMPDIR") ?? "/tmp"
    var random = SystemRandomNumberGenerator()
    let path = "\(parent)/\(prefix)-\(String(random.next(), radix: 36))"
    try unsafe withPath(path, "create") { pointer throws(SystemError) in
      if unsafe mkdir(pointer, 0o700) != 0 { throw .last("create", path) }
    }
    return path
  }
}

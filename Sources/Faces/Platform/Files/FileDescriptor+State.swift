import Glibc

/// What a file is, and how it gets to the disk.
extension FileDescriptor {
  /// Waits until the data, and the size if it changed, are on stable storage.
  ///
  /// After a failure the kernel may have dropped the data and call it clean: never try the same file
  /// again.
  public func sync() throws(SystemError) {
    _ = try retried("sync", path) { fdatasync(number) }
  }

  /// Cuts or extends (with zeros) to `size`.
  public func truncate(to size: Int64) throws(SystemError) {
    _ = try retried("truncate", path) { ftruncate(number, off_t(size)) }
  }

  /// Reserves `bytes` of disk from the start of the file, and makes it at least as long.
  public func allocate(_ bytes: Int64) throws(SystemError) {
    // posix_fallocate returns the error and falls back to writing where the file system cannot reserve.
    while true {
      let result = posix_fallocate(number, 0, off_t(bytes))
      if result == 0 { return }
      if result != EINTR { throw SystemError(call: "allocate", subject: path, errno: result) }
    }
  }

  /// What the file is.
  public func status() throws(SystemError) -> FileStatus {
    var raw = stat()
    if unsafe fstat(number, &raw) != 0 { throw .last("examine", path) }
    return FileStatus(raw)
  }

  /// The length in bytes.
  public func size() throws(SystemError) -> Int64 {
    try status().size
  }

  /// Sets the permission bits.
  public func setMode(_ mode: UInt32) throws(SystemError) {
    _ = try retried("change the mode of", path) { fchmod(number, mode) }
  }

  /// Waits until something can be read, or the other end is closed.
  ///
  /// False when `deadline` came first.
  public func waitReadable(until deadline: MonotonicInstant) throws(SystemError) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    while true {
      let left = (deadline - SystemTime().now()).clampedNanoseconds
      let milliseconds = Int32(clamping: left <= 0 ? 0 : (left - 1) / 1_000_000 + 1)
      let ready = unsafe poll(&entry, 1, milliseconds)
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { throw .last("wait for", path) }
      if ready == 0, left <= 0 || milliseconds < .max { return false }
    }
  }
}

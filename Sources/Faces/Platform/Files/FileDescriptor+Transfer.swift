import Glibc

/// Reading and writing; short transfers and EINTR are dealt with here.
extension FileDescriptor {
  /// Fills `buffer` from `offset` on; less only at the end of the file.
  ///
  /// Returns how much.
  public func read(
    into buffer: inout MutableSpan<UInt8>, at offset: Int64
  ) throws(SystemError) -> Int {
    var failure: SystemError?
    let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
      Self.all(bytes.count, { self.failed(&failure, "read") }) { done in
        unsafe pread(
          number, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          off_t(offset) + off_t(done))
      }
    }
    if let failure { throw failure }
    return count
  }

  /// At most `count` bytes from `offset` on; less only at the end of the file.
  public func read(count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = Self.all(count, { self.failed(&failure, "read") }) { done in
        unsafe pread(
          number, buffer.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset) + off_t(done))
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// What is there next, at most `count` bytes; empty at the end.
  ///
  /// Waits as the file does (a pipe, a terminal).
  public func readSome(upTo count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while true {
        let got = unsafe Glibc.read(number, buffer.baseAddress, count)
        initialized = max(0, got)
        if got >= 0 || !self.failed(&failure, "read") { return }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Everything to the end, if that is at most `limit` bytes; otherwise the first `limit`.
  public func readToEnd(limit: Int) throws(SystemError) -> [UInt8] {
    var whole: [UInt8] = []
    while whole.count < limit {
      let piece = try readSome(upTo: min(65_536, limit - whole.count))
      if piece.isEmpty { break }
      whole += piece
    }
    return whole
  }

  /// Writes all of `bytes` from `offset` on.
  public func write(all bytes: borrowing RawSpan, at offset: Int64) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { bytes in
      _ = Self.all(bytes.count, { self.failed(&failure, "write") }) { done in
        unsafe pwrite(
          number, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
      }
    }
    if let failure { throw failure }
  }

  /// Writes all of `bytes` where the file stands (or to its end, if it was opened so).
  public func write(all bytes: borrowing RawSpan) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { bytes in
      _ = Self.all(bytes.count, { self.failed(&failure, "write") }) { done in
        unsafe Glibc.write(number, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      }
    }
    if let failure { throw failure }
  }

  /// Writes all of `bytes` from `offset` on.
  public func write(all bytes: borrowing Span<UInt8>, at offset: Int64) throws(SystemError) {
    try unsafe write(all: bytes.bytes, at: offset)
  }

  /// Writes all of `bytes` from `offset` on.
  public func write(all bytes: [UInt8], at offset: Int64) throws(SystemError) {
    try unsafe write(all: bytes.span.bytes, at: offset)
  }

  /// Writes all of `bytes` where the file stands.
  public func write(all bytes: [UInt8]) throws(SystemError) {
    try unsafe write(all: bytes.span.bytes)
  }

  /// Repeats `step` until `count` is reached, it moves nothing, or it fails and `retry` says no.
  private static func all(_ count: Int, _ retry: () -> Bool, _ step: (Int) -> Int) -> Int {
    var done = 0
    while done < count {
      let moved = step(done)
      if moved > 0 { done += moved } else if moved == 0 || !retry() { break }
    }
    return done
  }

  /// Notes what went wrong; true when that was only a signal.
  private func failed(_ failure: inout SystemError?, _ call: String) -> Bool {
    if errno == EINTR { return true }
    failure = .last(call, path)
    return false
  }
}

public import Platform

/// The file operations that a spool needs, so that tests can put a disk behind it that fails as disks do.
public protocol Disk: Sendable {
  /// Makes sure that `directory` is there, private, and our own; returns what had to be put right, in words.
  func secure(_ directory: String) throws(SpoolError) -> [String]
  /// Takes the lock of `directory` for as long as the result lives.
  func lock(_ directory: String) throws(SpoolError) -> any Sendable
  /// The names in `directory`; none when it is not there.
  func list(_ directory: String) throws(SystemError) -> [String]
  /// Opens a file that is there, for reading.
  func open(_ path: String) throws(SystemError) -> any DiskFile
  /// Makes a file that was not there, for reading and writing.
  func create(_ path: String) throws(SystemError) -> any DiskFile
  /// Removes a file.
  func remove(_ path: String) throws(SystemError)
  /// Cuts a file that is not open for writing to `size`.
  func cut(_ path: String, to size: Int) throws(SystemError)
  /// Waits until the names in `directory` are on stable storage.
  func sync(directory: String) throws(SystemError)
  /// Bytes that may still be written to the volume of `directory`.
  func available(_ directory: String) throws(SystemError) -> Int
  /// Whether there is something at `path`.
  func exists(_ path: String) -> Bool
}

/// An open file on a disk.
public protocol DiskFile: Sendable {
  /// The length in bytes.
  func size() throws(SystemError) -> Int
  /// At most `count` bytes from `offset` on; less only at the end.
  func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8]
  /// Writes all of `bytes` from `offset` on.
  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError)
  /// Waits until all that was written is on stable storage. After a failure it must not be tried again.
  func sync() throws(SystemError)
  /// Reserves `bytes` of disk, and makes the file that long.
  func allocate(_ bytes: Int) throws(SystemError)
  /// Whether the file still has a name; what is written to one without is gone when it is closed.
  func isNamed() throws(SystemError) -> Bool
  /// Cuts the file to `size`.
  func truncate(to size: Int) throws(SystemError)
}

import Glibc

/// A lock on a file that only one process can hold; the system takes it back when the process ends.
public final class FileLock: Sendable {
  /// Why there is no lock.
  public enum Failure: Error, Hashable, Sendable {
    /// Another process has it, with its process id if that could be read.
    case held(by: Int32?)
    /// The file could not be opened or locked.
    case system(SystemError)
  }

  private let file: FileDescriptor

  /// Takes the lock at once or not at all, and writes the process id into the file.
  public init(_ path: String) throws(Failure) {
    do throws(SystemError) {
      file = try FileDescriptor.open(path, [.read, .write, .create, .noFollow])
    } catch {
      throw .system(error)
    }
    while flock(file.number, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { throw .held(by: Self.holder(file)) }
      if errno != EINTR { throw .system(.last("lock", path)) }
    }
    do throws(SystemError) {
      try file.truncate(to: 0)
      try file.write(all: Array("\(getpid())\n".utf8), at: 0)
    } catch  where !error.isOutOfSpace {
      throw .system(error)
    } catch {
      // A full disk takes the number, not the lock.
    }
  }

  /// Gives the lock back at once: a child that was forked and has not yet become its program holds a copy of
  /// the descriptor, with which the lock would live on.
  deinit { _ = flock(file.number, LOCK_UN) }

  private static func holder(_ file: FileDescriptor) -> Int32? {
    guard let bytes = try? file.read(count: 20, at: 0) else { return nil }
    return Int32(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
  }
}

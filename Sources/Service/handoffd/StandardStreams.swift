import Glibc
import Platform

/// The three descriptors that a program is started with, or should be.
enum StandardStreams {
  /// Opens nothing in the place of those that were closed, to be held as long as the process lives.
  ///
  /// Else their numbers went to what is opened next, and a line for standard error into a segment of the spool or to a
  /// client. So this comes before anything else is opened.
  static func reserve() -> [FileDescriptor] {
    var reserved: [FileDescriptor] = []
    while let nothing = try? FileDescriptor.open("/dev/null", [.read, .write]),
      nothing.number <= STDERR_FILENO
    {
      reserved.append(nothing)
    }
    return reserved
  }
}

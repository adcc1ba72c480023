import CPlatform
import Glibc
import Platform
import Synchronization

/// What wakes a serving lane from another thread.
///
/// Ringing a bell that has been rung and not yet heard costs nothing: a group of replies wakes the lane once.
final class Bell: Wakeable {
  private let event: FileDescriptor
  private let isRung = Atomic<Bool>(false)

  init() throws(SystemError) {
    let number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard number >= 0 else { throw SystemError(call: "open", subject: "eventfd", errno: errno) }
    event = FileDescriptor(owning: number, path: "eventfd")
  }

  /// The descriptor that is readable when it was rung.
  var number: Int32 { event.number }

  /// Wakes the lane.
  ///
  /// What was done before is seen by it.
  func ring() {
    if !isRung.exchange(true, ordering: .sequentiallyConsistent) { eventfd_write(event.number, 1) }
  }

  func wake() { ring() }

  /// To be called before looking at what there is to do.
  func hear() {
    // In this order: a ring in between writes nothing, but what it is for will be looked at. The other way round its
    // write would be read here and every later ring be silent.
    var count: eventfd_t = 0
    unsafe eventfd_read(event.number, &count)
    isRung.store(false, ordering: .sequentiallyConsistent)
  }
}

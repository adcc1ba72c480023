import Glibc
import Platform

/// Makes files scarce for this process.
enum FileShortage {
  /// From now on no more than `spare` files can be opened.
  static func begin(spare: Int) {
    let open = rlim_t(ProcessSample.now().openFiles + spare)
    var limit = rlimit(rlim_cur: open, rlim_max: open)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

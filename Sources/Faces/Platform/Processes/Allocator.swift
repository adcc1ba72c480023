import CPlatform

/// The C library's heap.
public enum Allocator {
  /// Few arenas and early return of free memory: a daemon that lives for months beside others must stay
  /// small.
  ///
  /// To be called first in main.
  public static func tune() {
    hd_tune_malloc(2, 4 << 20, 1 << 20)
  }

  /// Gives free memory back to the system now.
  public static func trim() {
    hd_trim_malloc()
  }
}

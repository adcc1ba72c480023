import Platform

/// The sanitizer that everything was built with: `make tsan` and `make asan` say so in `HANDOFFD_SANITIZER`.
public enum Sanitizer: String, Sendable {
  /// Finds data races.
  case thread
  /// Finds wrong use of memory, and what is never given back.
  case address

  /// The one in this build.
  public static let current = Environment.value("HANDOFFD_SANITIZER").flatMap(Sanitizer.init)

  /// What a program started by a test must be told, so that its reports are not lost.
  static var environment: [String: String] {
    let names = ["HANDOFFD_SANITIZER", "TSAN_OPTIONS", "ASAN_OPTIONS", "LSAN_OPTIONS"]
    return Environment.all().filter { names.contains($0.key) }
  }

  /// How much longer everything may take: an instrumented program is that much slower.
  public static var slowness: Int { current == nil ? 1 : 8 }
}

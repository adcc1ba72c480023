import Platform

/// The sanitizer that everything was built with; `make tsan` and `make asan` tell it what to do in its variable.
public enum Sanitizer: CaseIterable, Sendable {
  /// Finds data races.
  case thread
  /// Finds wrong use of memory, and what is never given back.
  case address

  /// The one in this build.
  public static let current = allCases.first { Environment.value($0.variable) != nil }

  /// Where it is told what to do.
  private var variable: String {
    switch self {
    case .thread: "TSAN_OPTIONS"
    case .address: "ASAN_OPTIONS"
    }
  }

  /// What a program started by a test must be told, so that its reports are not lost.
  static var environment: [String: String] {
    let names = allCases.map(\.variable) + ["LSAN_OPTIONS", "SWIFT_BACKTRACE"]
    return Environment.all().filter { names.contains($0.key) }
  }

  /// How much longer everything may take: an instrumented program is that much slower.
  public static var slowness: Int { current == nil ? 1 : 8 }
}

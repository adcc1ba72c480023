/// Which program this is.
public struct BuildIdentity: Hashable, Sendable {
  /// The version, as in the change log.
  public var version: String
  /// The commit it was built from; `unknown` outside of git.
  public var commit: String
  /// `debug` or `release`.
  public var kind: String
  /// The compiler, as far as a program can know it.
  public var swift: String
  /// The processor it was built for.
  public var processor: String

  /// This program; the commit is known to the executable alone, so that a new one compiles nothing else again.
  public static func of(commit: String) -> BuildIdentity {
    BuildIdentity(
      version: currentVersion, commit: commit, kind: currentKind, swift: currentSwift,
      processor: currentProcessor)
  }

  /// The version of this source.
  public static let currentVersion = "0.1.0"

  private static var currentKind: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var currentSwift: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static var currentProcessor: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "other"
    #endif
  }
}

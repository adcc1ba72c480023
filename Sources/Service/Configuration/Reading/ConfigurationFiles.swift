internal import Platform

/// How configuration reaches files, so that tests and fuzzing need none.
public struct ConfigurationFiles: Sendable {
  /// The bytes of a file, or why they cannot be had.
  public var read: @Sendable (String) -> Result<[UInt8], FileProblem>
  /// Whether users besides the owner and the group may read a file.
  public var isOpenToAll: @Sendable (String) -> Bool
  /// The directory that relative paths start from.
  public var workingDirectory: @Sendable () -> String

  /// Makes one from its parts.
  public init(
    read: @escaping @Sendable (String) -> Result<[UInt8], FileProblem>,
    isOpenToAll: @escaping @Sendable (String) -> Bool = { _ in false },
    workingDirectory: @escaping @Sendable () -> String
  ) {
    self.read = read
    self.isOpenToAll = isOpenToAll
    self.workingDirectory = workingDirectory
  }

  /// The files of this machine; no more than 1 MiB of each.
  public static let system = ConfigurationFiles(
    read: { path in
      do throws(SystemError) {
        let file = try FileDescriptor.open(path, [.read])
        guard try file.status().kind != .directory else {
          return .failure(FileProblem(reason: "it is a directory"))
        }
        return .success(try file.readToEnd(limit: (1 << 20) + 1))
      } catch {
        return .failure(FileProblem(reason: error.reason))
      }
    },
    isOpenToAll: { path in
      guard let status = try? FileDescriptor.open(path, [.read]).status() else { return false }
      return status.mode & 0o004 != 0
    },
    workingDirectory: { Directory.working })

  /// No files at all.
  public static let none = ConfigurationFiles(
    read: { _ in .failure(FileProblem(reason: "No such file or directory")) }, workingDirectory: { "/" })
}

/// Why a file could not be read.
public struct FileProblem: Error, Equatable, Sendable {
  /// The reason, as the system words it.
  public var reason: String

  /// Makes one.
  public init(reason: String) {
    self.reason = reason
  }
}

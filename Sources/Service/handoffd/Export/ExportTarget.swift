import Platform

/// Where an export goes: to standard output, or beside a file until it is complete.
struct ExportTarget {
  private let console: Console
  private let file: (final: String, partial: String, descriptor: FileDescriptor)?

  /// Whether the rows themselves are on the terminal, where progress would be in their way.
  var isTerminal: Bool { file == nil && console.terminal != nil }

  /// Standard output, or the file at `path`.
  init(_ path: String?, _ console: Console) throws(SystemError) {
    self.console = console
    file = try path.map { path throws(SystemError) in
      let partial = path + ".partial"
      return (path, partial, try FileDescriptor.open(partial, [.write, .create, .truncate], mode: 0o644))
    }
  }

  /// Takes a piece.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    guard let file else { return try console.write(bytes) }
    try file.descriptor.write(all: bytes)
  }

  /// Everything is there: a file gets its name.
  func finish() throws(SystemError) {
    guard let file else { return }
    try file.descriptor.sync()
    try Directory.rename(file.partial, to: file.final)
  }

  /// Where what came so far is left, if anywhere.
  var remains: String? { file?.partial }
}

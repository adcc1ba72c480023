import Platform
import TestSupport

extension TemporaryDirectory {
  /// Writes a file; gives its path.
  func write(_ text: String, to name: String) throws -> String {
    let descriptor = try FileDescriptor.open(file(name), [.write, .create], mode: 0o600)
    try descriptor.write(all: Array(text.utf8), at: 0)
    return file(name)
  }
}

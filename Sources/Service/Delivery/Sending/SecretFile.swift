import Platform

/// Secrets, read anew for each use, so that a file that was replaced is a secret that was rotated.
struct SecretFile {
  private static let largest = 64 << 10

  /// The text of a file without the white space around it; the reason if it cannot be had.
  static func read(_ path: String) -> Result<String, Unreadable> {
    do throws(SystemError) {
      let bytes = try FileDescriptor.open(path, [.read]).readToEnd(limit: largest)
      var text = String(decoding: bytes, as: UTF8.self)[...]
      while text.last?.isWhitespace == true { text = text.dropLast() }
      while text.first?.isWhitespace == true { text = text.dropFirst() }
      return text.isEmpty ? .failure(Unreadable(reason: "\(path) is empty")) : .success(String(text))
    } catch {
      return .failure(Unreadable(reason: error.description))
    }
  }

  /// Why a secret cannot be read; never the secret.
  struct Unreadable: Error {
    var reason: String
  }
}

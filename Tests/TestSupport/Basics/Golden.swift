public import Platform

/// Texts that are kept beside the tests and compared to the letter.
public enum Golden {
  /// The kept text `name`, in the folder `Golden` beside the source file that asks.
  ///
  /// With `RECORD_GOLDEN=1` in the environment `actual` is kept instead; what changed is then for the review to see.
  public static func text(
    _ name: String, recording actual: String, beside source: String = #filePath
  ) throws(SystemError) -> String {
    let folder = source.prefix(upTo: source.lastIndex(of: "/") ?? source.startIndex) + "/Golden"
    let path = "\(folder)/\(name)"
    if Environment.value("RECORD_GOLDEN") == "1" {
      let file = try FileDescriptor.open(path, [.write, .create, .truncate], mode: 0o644)
      try file.write(all: Array(actual.utf8))
      return actual
    }
    let file = try FileDescriptor.open(path, [.read])
    return String(decoding: try file.readToEnd(limit: 1 << 20), as: UTF8.self)
  }
}

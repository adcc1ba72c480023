import Glibc

/// The environment this process was started with.
public enum Environment {
  /// The value of `name`, nil when it is not set.
  public static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Everything, as `NAME=value` read from the kernel: what the process was started with.
  public static func all() -> [String: String] {
    guard let file = try? FileDescriptor.open("/proc/self/environ", .read),
      let bytes = try? file.readToEnd(limit: 4 << 20)
    else { return [:] }
    var values: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      guard let equals = entry.firstIndex(of: 61) else { continue }
      let name = String(decoding: entry[..<equals], as: UTF8.self)
      values[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self)
    }
    return values
  }
}

/// What `postmaster.pid` in a cluster says about the server that runs there, or ran there and died.
struct PostmasterFile: Hashable, Sendable {
  /// How far the server is.
  enum Status: String, Hashable, Sendable {
    case starting
    case ready
    case stopping
    case standby
  }

  /// The process that wrote the file.
  var pid: Int32
  /// Whether that is a single-user server: it listens to nobody and ends by itself.
  var isStandalone: Bool
  /// When it started, in seconds since the Unix epoch.
  var startTime: Int64?
  /// Where its socket is; nil while it has none.
  var socketDirectory: String?
  /// How far it is; nil when the file is not written to the end yet.
  var status: Status?

  /// Reads the file; nil when not even a process id stands there, as on a disk that was full.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func line(_ number: Int) -> Substring {
      lines.count >= number ? lines[number - 1].trimmingSpaces() : ""
    }
    guard let number = Int32(line(1)), number != 0, number != .min else { return nil }
    pid = abs(number)
    isStandalone = number < 0
    startTime = Int64(line(3))
    socketDirectory = line(5).isEmpty ? nil : String(line(5))
    status = Status(rawValue: String(line(8)))
  }
}

extension Substring {
  /// Without blanks at either end.
  fileprivate func trimmingSpaces() -> Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

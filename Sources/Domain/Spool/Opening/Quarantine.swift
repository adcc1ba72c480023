import Platform

/// Where damaged bytes are kept for inspection: a file each, with the reason as its first lines.
struct Quarantine: Sendable {
  let disk: any Disk
  let spool: String
  let limit: Int

  /// How the names of its files end.
  static let ending = ".damaged"

  private var directory: String { Self.directory(of: spool) }

  /// Where the quarantine of a spool is.
  static func directory(of spool: String) -> String { spool + "/quarantine" }

  /// What became of damaged bytes.
  enum Outcome: Hashable {
    /// So many were copied now.
    case copied(Int)
    /// They were copied before.
    case known
    /// The copy failed, so the original must stay.
    case failed(String)
  }

  /// Keeps a copy of `bytes`, found at `offset` of a segment.
  func keep(_ bytes: [UInt8], of name: SegmentName, at offset: Int, reason: String) -> Outcome {
    do {
      _ = try disk.secure(directory)
      let path = "\(directory)/\(name.ordinal.hexadecimal)-\(name.identity)-\(offset)\(Self.ending)"
      if disk.exists(path) { return .known }
      let kept = bytes.prefix(max(0, limit - (try used())))
      let text = """
        segment: \(name)
        offset: \(offset)
        bytes: \(bytes.count)\(kept.count < bytes.count ? ", the first \(kept.count) of which follow" : "")
        reason: \(reason)


        """
      let file = try disk.create(path)
      try file.write(Array(text.utf8) + kept, at: 0)
      try file.sync()
      try disk.sync(directory: directory)
      return .copied(kept.count)
    } catch {
      return .failed("\(error)")
    }
  }

  private func used() throws(SystemError) -> Int {
    var sum = 0
    for name in try disk.list(directory) { sum += try disk.open("\(directory)/\(name)").size() }
    return sum
  }
}

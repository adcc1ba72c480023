/// Some events for one request: the bytes, and which line each event is from.
struct Batch: Equatable {
  /// Line numbers in the order of the events.
  var lines: [Int] = []
  /// Where each event begins in the body.
  var starts: [Int] = []
  /// NDJSON.
  var body: [UInt8] = []

  /// Adds a line.
  mutating func append(_ bytes: [UInt8], line: Int) {
    lines.append(line)
    starts.append(body.count)
    body += bytes
    body.append(0x0A)
  }

  /// The same events in two batches; nil for a single one.
  var halves: (Batch, Batch)? {
    guard lines.count > 1 else { return nil }
    let middle = lines.count / 2
    let cut = starts[middle]
    let first = Batch(
      lines: Array(lines[..<middle]), starts: Array(starts[..<middle]), body: Array(body[..<cut]))
    let second = Batch(
      lines: Array(lines[middle...]), starts: starts[middle...].map { $0 - cut }, body: Array(body[cut...]))
    return (first, second)
  }

  /// `line 7` or `lines 7 to 12`.
  var place: String {
    guard let first = lines.first, let last = lines.last else { return "no line" }
    return first == last ? "line \(first)" : "lines \(first) to \(last)"
  }
}

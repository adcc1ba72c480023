import Platform
import TestSupport

/// Takes an export in without keeping it, and counts its rows.
struct ExportReader {
  let subject: Subject
  let time: any TimeSource

  /// What an export came to.
  struct Outcome {
    var rows = 0
    var seconds = 0.0
    /// Resident memory of the sidecar after the first tenth of a second, and the most of all.
    var early = 0
    var most = 0

    var rowsPerSecond: Double { seconds > 0 ? Double(rows) / seconds : 0 }
  }

  /// Reads to the end of the last piece.
  func read(_ target: String) throws -> Outcome {
    let socket = try Socket.connect(to: subject.process.address())
    socket.send(Array("GET \(target) HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".utf8))
    var outcome = Outcome()
    var last: UInt8 = 0
    let start = time.now()
    var nextLook = start + .milliseconds(100)
    while let piece = socket.receive(until: time.now() + .seconds(60)), !piece.isEmpty {
      for byte in piece {
        // Rows end with a line feed alone; the frame of a piece has a carriage return before it.
        if byte == 10, last != 13 { outcome.rows += 1 }
        last = byte
      }
      guard time.now() >= nextLook else { continue }
      let resident = subject.process.residentBytes
      if outcome.early == 0 { outcome.early = resident }
      outcome.most = max(outcome.most, resident)
      nextLook = nextLook + .milliseconds(200)
    }
    outcome.seconds = (time.now() - start).inSeconds
    return outcome
  }
}

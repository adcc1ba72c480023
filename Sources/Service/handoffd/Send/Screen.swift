import Platform

/// What the user of `send` sees.
struct Screen {
  let console: Console
  let progress: ProgressLine?

  /// Writes a line about something that went wrong.
  func tell(_ line: String) {
    clear()
    console.error(line + "\n")
  }

  /// Writes a line of the result.
  func say(_ line: String) { console.print(line + "\n") }

  /// Takes the progress line away.
  func clear() {
    if progress != nil { console.error("\r\u{1B}[K") }
  }

  /// Writes the progress line anew.
  func show(consumed: Int, events: Int, refused: Int, seconds: Double) {
    guard let progress else { return }
    let line = progress.render(consumed: consumed, events: events, refused: refused, seconds: seconds)
    console.error("\r\u{1B}[K\(line)")
  }
}

extension Duration {
  /// For a message: tenths of a second are enough.
  var rounded: String {
    let tenths = max(1, Int((inSeconds * 10).rounded()))
    return "\(tenths / 10).\(tenths % 10) s"
  }
}

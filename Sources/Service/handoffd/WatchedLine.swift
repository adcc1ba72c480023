import Platform

/// A line that a person sees on standard error while something lasts, and that is gone when it is over.
struct WatchedLine {
  private let console: Console
  private let time: any TimeSource
  private let isShown: Bool
  private var shownAt: MonotonicInstant?

  /// Nothing is shown where nobody watches, or the line would be in the way.
  init(_ console: Console, _ time: any TimeSource, isInTheWay: Bool = false) {
    self.console = console
    self.time = time
    isShown = console.isWatched && !isInTheWay
  }

  /// Shows how far it is; four times a second is enough for an eye.
  mutating func show(_ text: String) {
    let now = time.now()
    guard isShown, shownAt.map({ now - $0 >= .milliseconds(250) }) ?? true else { return }
    shownAt = now
    console.error("\r\u{1B}[K\(text)")
  }

  /// Takes the line away.
  func clear() {
    if isShown, shownAt != nil { console.error("\r\u{1B}[K") }
  }
}

import Foundation
import TestSupport
import Testing

/// Stories told in messages, at moments counted from their beginning.
protocol Storytelling {
  /// When the story begins, in seconds.
  var start: Double { get }
}

extension Storytelling {
  /// Long enough ago that what is told now is over, and recent enough to be live.
  static var beginning: Double { Date().timeIntervalSince1970.rounded(.down) - 600 }

  /// A moment of the story, as seconds, milliseconds, and text without a zone.
  func at(_ seconds: Double) -> Double { start + seconds }
  func milliseconds(_ seconds: Double) -> Int { Int((start + seconds) * 1000) }
  func text(_ seconds: Double) -> String {
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
    return String(Date(timeIntervalSince1970: start + seconds).formatted(format).dropLast())
  }

  /// Tells messages to a sidecar; all of them are taken.
  func tell(_ sidecar: RunningSidecar, _ messages: String...) throws {
    let lines = messages.map { $0.replacing("\n", with: " ") }
    let answer = try sidecar.send(lines.joined(separator: "\n"))
    #expect(answer.text == #"{"accepted":\#(messages.count),"duplicates":0,"rejected":[]}"#)
    // A story told again tells nothing new.
    let again = try sidecar.send("[\(lines.joined(separator: ","))]", type: "application/json")
    #expect(again.text == #"{"accepted":0,"duplicates":\#(messages.count),"rejected":[]}"#)
  }
}

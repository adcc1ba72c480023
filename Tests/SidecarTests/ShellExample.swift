import Foundation
import Platform
import TestSupport

/// What a page of the project shows to be typed into a shell.
struct ShellExample {
  /// What is typed.
  let script: String
  /// The block of JSON right behind it, if there is one.
  let answer: String?

  /// The text of a page, named from the root of the project.
  static func text(of page: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: page), encoding: .utf8)
  }

  /// The examples of a page that talk to a sidecar, which is at `port`.
  static func all(of page: String, at port: UInt16) throws -> [ShellExample] {
    try text(of: page).components(separatedBy: "```sh\n").dropFirst().compactMap { part in
      let blocks = part.components(separatedBy: "```")
      guard blocks[0].contains("127.0.0.1:9797") else { return nil }
      let answer = blocks.dropFirst(2).first.flatMap {
        $0.hasPrefix("json\n") ? String($0.dropFirst(5)) : nil
      }
      return ShellExample(
        script: blocks[0].replacing("127.0.0.1:9797", with: "127.0.0.1:\(port)"), answer: answer)
    }
  }

  /// Types it, and gives what comes out.
  func run() throws -> String {
    let outcome = try Command(
      "/bin/bash", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/"
    ).run(until: SystemTime().now() + .seconds(20))
    guard outcome.code == 0 else { throw TestFailure("\(outcome)") }
    return outcome.output
  }
}

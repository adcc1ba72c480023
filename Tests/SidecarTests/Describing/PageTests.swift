import Foundation
import Platform
import TestSupport
import Testing

/// What the pages name, between backticks, is there: paths and their parameters, metrics, commands and their flags.
@Suite struct PageTests {
  private static let pages = [
    "README.md", "CHANGELOG.md", "docs/alerts.md", "docs/architecture.md", "docs/protocols.md",
    "docs/runbooks.md",
    "docs/storage.md",
  ]

  /// What stands between backticks in a line of a page.
  private func spans(of page: String) throws -> [String] {
    let text = try ShellExample.text(of: page).replacing(/(?s)```.*?```/, with: "")
    return text.matches(of: /`([^`\n]+)`/).map { String($0.output.1) }
  }

  @Test(arguments: pages) func `its paths and parameters are the sidecar's`(page: String) throws {
    let operations = try APIDescription(Shared.sidecar().process.connect()).operations
    for span in try spans(of: page) {
      let form = /(?:(GET|POST) )?(?:http:\/\/127\.0\.0\.1:9797)?(\/(?:v1\/|-\/|metrics)[^ ?]*)(?:\?([^ ]*))?/
      guard let (_, method, path, query) = span.wholeMatch(of: form)?.output else { continue }
      let found = operations.filter {
        (method == nil || $0.method == method.map(String.init)) && $0.fits(String(path))
      }
      #expect(!found.isEmpty, "\(span)")
      for name in (query ?? "").matches(of: /([a-z_]+)=/).map({ String($0.output.1) }) {
        #expect(found.contains { $0.query.contains { $0["name"]?.text == name } }, "\(span): \(name)")
      }
    }
  }

  @Test func `its metrics are in the catalogue`() throws {
    let connection = try Shared.sidecar().process.connect()
    let families = Set(
      try connection.get("/metrics").text.matches(of: /(?m)^# TYPE (\S+)/).map { String($0.output.1) })
    var count = 0
    for span in try spans(of: "docs/runbooks.md") {
      for name in span.matches(of: /^handoffd?_[a-z_]+/).map({ String($0.output) }) {
        #expect(families.contains(name), "\(name)")
        count += 1
      }
    }
    #expect(count >= 5)
  }

  @Test(arguments: pages) func `its commands and flags are the program's`(page: String) throws {
    let all = try help("")
    let commands = all.matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.output.1) }
    #expect(commands.contains("serve"))
    let texts = try commands.reduce(into: [:]) { $0[$1] = try help($1) }
    for span in try spans(of: page) where span.hasPrefix("handoffd ") || span.hasPrefix("--") {
      let words = span.split(separator: " ").map(String.init)
      let flags = words.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
      let command = words[0] == "handoffd" ? words[1] : nil
      if let command { #expect(texts[command] != nil, "\(span)") }
      for flag in flags {
        let there = texts.filter { $0.key == command ?? $0.key }.values
        #expect(
          there.contains { $0.split(whereSeparator: \.isWhitespace).contains { $0 == flag } }, "\(span)")
      }
    }
  }

  /// What the program says of itself, or of a command.
  private func help(_ command: String) throws -> String {
    try BuiltProducts.run(["help", command].filter { !$0.isEmpty }).output
  }
}

import Alerts
import Foundation
import Testing

/// What is shipped as files.
struct FileTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test func `the file of rules and the rules compiled in are the same`() throws {
    #expect(try text("alerts/handoffd.rules.yaml") == RuleSet.builtInSource)
    let read = try RulesReader.read(Array(text("alerts/handoffd.rules.yaml").utf8)).get()
    #expect(read == RuleSet.builtIn && !read.rules.isEmpty)
  }

  @Test func `every alert's runbook is a section of the page it names`() throws {
    let sections = Set(
      try text("docs/runbooks.md").split(separator: "\n").filter { $0.hasPrefix("## ") }
        .map { $0.dropFirst(3).lowercased() })
    let anchors = try ["alerts/handoffd.rules.yaml", "alerts/prometheus.rules.yaml"].flatMap { path in
      try text(path).split(separator: "\n").filter { $0.contains("runbook_url:") }
        .compactMap { $0.split(separator: "#").last.map(String.init) }
    }
    #expect(anchors.count >= 2 * RuleSet.builtIn.rules.count)
    for anchor in anchors { #expect(sections.contains(anchor), "docs/runbooks.md#\(anchor)") }
  }

  @Test func `each shipped alert says what it is, in one line, and where to read on`() {
    for rule in RuleSet.builtIn.rules {
      #expect(Set(rule.annotations.keys) == ["summary", "description", "runbook_url"], "\(rule.name)")
    }
  }
}

import Foundation
import Testing

@testable import Alerts

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
    let anchors = try text("alerts/prometheus.rules.yaml").split(separator: "\n")
      .filter { $0.contains("runbook_url:") }
    #expect(anchors.count >= RuleSet.builtIn.rules.count)
    let known = Set(Runbook.all.map { "docs/runbooks.md#\($0.alert.lowercased())" })
    for anchor in anchors { #expect(known.contains(String(anchor.split(separator: " ")[1])), "\(anchor)") }
    for rule in try RulesReader.read(Array(text("alerts/handoffd.rules.yaml").utf8)).get().rules {
      let path = Runbook.named(rule.name)?.path
      #expect(path != nil && rule.annotations["runbook_url"]?.filled { _ in nil } == path, "\(rule.name)")
    }
  }

  @Test func `the runbooks compiled in are the page, section by section`() throws {
    let page = try text("docs/runbooks.md")
    #expect(
      page == Runbook.source, "RunbookText.swift is not as docs/runbooks.md: it holds it, indented by four")
    #expect(Runbook.all.count == page.split(separator: "\n").count { $0.hasPrefix("## ") })
    for runbook in Runbook.all {
      #expect(runbook.text.hasPrefix("## \(runbook.alert)\n**Means**: ") && runbook.text.hasSuffix("\n"))
      #expect(runbook.text.contains("\n**Do**: "), "\(runbook.alert)")
      #expect(!runbook.text.dropFirst(2).contains("#"), "\(runbook.alert)")
    }
  }

  @Test func `each shipped alert says what it is, in one line, and where to read on`() {
    for rule in RuleSet.builtIn.rules {
      #expect(Set(rule.annotations.keys) == ["summary", "description", "runbook_url"], "\(rule.name)")
    }
  }
}

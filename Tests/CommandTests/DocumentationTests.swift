import Configuration
import Platform
import TestSupport
import Testing

@Suite struct `docs/configuration.md` {
  private static let mark = "<!-- From here on made from the code by `make docs`. -->\n"

  @Test func `lists the settings as they are`() throws {
    let path = "\(root)/docs/configuration.md"
    let page = String(
      decoding: try FileDescriptor.open(path, [.read]).readToEnd(limit: 1 << 20), as: UTF8.self)
    let mark = try #require(page.ranges(of: Self.mark).first)
    let wanted = page[..<mark.upperBound] + "\n" + ReferencePage.markdown
    if Environment.value("RECORD_GOLDEN") == "1" {
      try FileDescriptor.open(path, [.write, .truncate]).write(all: Array(wanted.utf8))
    } else {
      #expect(page == String(wanted), "docs/configuration.md is not as the code has it; make docs writes it")
    }
  }

  /// The folder of the package.
  private var root: Substring {
    let tests = #filePath.ranges(of: "/Tests/").last
    return tests.map { #filePath[..<$0.lowerBound] } ?? ""
  }
}

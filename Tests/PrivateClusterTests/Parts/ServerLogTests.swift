import Platform
import TestSupport
import Testing

@testable import PrivateCluster

@Suite struct ServerLogTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.file("log") }

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func append(_ text: String) throws {
    try FileDescriptor.open(path, [.write, .create, .append]).write(all: Array(text.utf8))
  }

  @Test func `only what is fatal and unexpected is brought on, each line once`() throws {
    try append("2026-11-21 06:08:47 UTC [1] FATAL:  from before\n")
    var log = ServerLog(path)
    try append(
      "2026-11-21 06:08:47 UTC [1] LOG:  fine\n2026-11-21 06:08:47 UTC [2] FATAL:  the database system is starting up\n"
    )
    #expect(log.follow().isEmpty)
    try append("2026-11-21 06:08:47 UTC [3] PANIC:  could not write")
    #expect(log.follow().isEmpty)
    try append(" to file\npostgres: could not access the server configuration file\n")
    #expect(log.follow() == ["could not write to file", "could not access the server configuration file"])
    #expect(log.follow().isEmpty)
    #expect(log.lastFatal == "could not access the server configuration file")
  }

  @Test func `a file that has grown is kept once and begun anew`() throws {
    var log = ServerLog(path, limit: 1_000)
    for number in 0..<100 {
      try append("2026-11-21 06:08:47 UTC [3] FATAL:  complaint \(number)\n")
      #expect(log.follow() == ["complaint \(number)"])
    }
    #expect(try #require(try FileStatus.of(path)).size < 1_100)
    #expect(try #require(try FileStatus.of(path + ".1")).size < 1_100)
  }
}

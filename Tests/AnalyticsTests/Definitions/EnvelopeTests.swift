import Analytics
import Model
import Testing

@Suite struct EnvelopeTests {
  @Test func `19 of 20 references reads 0.95, and lies on the bound, not above it`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .references(20, 19))
    #expect(scene.window().completeness == 0.95)
    let missing = try #require(scene.counters("b")).missing
    let place = try #require(Bounds.missing.firstIndex(of: 0.05))
    #expect(missing.counts[place] == 1)
    #expect(missing.count == 1)
  }

  @Test func `16 of 20 lies on the bound of 80 percent`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .references(20, 16))
    let place = try #require(Bounds.missing.firstIndex(of: 0.2))
    #expect(try #require(scene.counters("b")).missing.counts[place] == 1)
  }

  @Test func `completeness over many is sum by sum, and undefined without requests`() {
    var scene = Scene()
    #expect(scene.window().completeness == nil)
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .references(0, 0))
    #expect(scene.window().completeness == nil)
    #expect(scene.window()[.referenced] == 0)
    #expect(scene.counters("b")?.missing.count == 0)
    scene.tell(.initiated, "h2", at: 1, .from("a"), .to("b"), .references(1, 1))
    scene.tell(.initiated, "h3", at: 2, .from("a"), .to("b"), .references(99, 49))
    #expect(scene.window().completeness == 0.5)
    #expect(scene.counters("b")?[.referencesRequested] == 100)
    #expect(scene.counters("b")?[.referencesResolved] == 50)
  }

  @Test func `each handoff's envelope counts once, as first told`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .references(10, 9), .tokens(100, used: 50))
    scene.tell(.acknowledged, "h", at: 1, .references(10, 5), .tokens(100, used: 99))
    #expect(scene.window().completeness == 0.9)
    #expect(scene.window().tokenUtilization == 0.5)
  }

  @Test func `token use is what was used of the budget`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .tokens(4000, used: 3247))
    scene.tell(.initiated, "h2", at: 1, .from("a"), .to("b"), .tokens(4000, used: 4753, trimmed: 70))
    scene.tell(.initiated, "h3", at: 1, .from("a"), .to("b"), .tokens(0, used: 10))
    let counters = try #require(scene.counters("b"))
    #expect(scene.window().tokenUtilization == 1)
    #expect(scene.window().trimmedRatio == 0.5)
    #expect(counters.utilization.count == 2)
    #expect(counters[.tokensUsed] == 8010)
    #expect(counters[.tokensBudgeted] == 8000)
    #expect(counters[.tokensTrimmed] == 70)
  }

  @Test func `sections are counted of five`() throws {
    var scene = Scene()
    scene.tell(
      .initiated, "h1", at: 0, .from("a"), .to("b"),
      .sections("task_context", "constraints", "constraints", "something_else"))
    scene.tell(
      .initiated, "h2", at: 0, .from("a"), .to("b"),
      .sections("task_context", "memory_references", "execution_history", "constraints", "expected_outputs"))
    let sections = scene.snapshot.counters.sections
    #expect(sections.counts == [0, 1, 0, 0, 1, 0])
    #expect(scene.window().sectionsRatio == 0.7)
  }

  @Test func `how it was packed, its version, size, confidence and headroom are counted`() throws {
    var scene = Scene()
    scene.tell(
      .initiated, "h1", at: 0, .from("a"), .to("b"), .strategy("summary_refs"), .version("2.0"), .bytes(5120),
      .confidence("0.9"), .deadline(at(7.5).text))
    scene.tell(.initiated, "h2", at: 1, .from("a"), .to("b"), .strategy("own idea"), .deadline(at(0).text))
    let counters = scene.snapshot.counters
    #expect(counters[strategy: .summaryRefs] == 1)
    #expect(counters[strategy: .other] == 1)
    #expect(counters.versions.rows.first?.name == "2.0")
    #expect(counters.bytes.sum == 5120)
    #expect(counters.confidence.counts == [0, 0, 0, 1, 0, 0])
    // 7.5 s left; the second one's deadline had passed: 0.
    #expect(counters.headroom.counts == [1, 0, 0, 1, 0, 0, 0, 0])
    #expect(counters.headroom.sum == 7.5)
  }

  @Test func `a deadline may be a number of seconds or of milliseconds`() {
    var scene = Scene()
    let seconds = Double(storyStart) / 1e6 + 20
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .deadline("\(seconds)"))
    scene.tell(.initiated, "h2", at: 0, .from("a"), .to("b"), .deadline("\(seconds * 1000)"))
    #expect(scene.snapshot.counters.headroom.sum == 40)
  }

  @Test func `checksums that differ between sender and receiver mismatch, once`() {
    var scene = Scene()
    scene.tell(.initiated, "same", at: 0, .from("a"), .to("b"), .checksum("sha256:1"))
    scene.tell(.acknowledged, "same", at: 1, .checksum("sha256:1"))
    #expect(scene.snapshot.counters[.checksumMismatches] == 0)
    scene.tell(.received, "other", at: 2, .to("b"), .checksum("sha256:1"))
    scene.tell(.initiated, "other", at: 3, .from("a"), .to("b"), .checksum("sha256:2"))
    scene.tell(.rejected, "other", at: 4, .error("checksum_mismatch"))
    #expect(scene.snapshot.counters[.checksumMismatches] == 1)
    scene.tell(.rejected, "said", at: 5, .to("b"), .error("ChecksumMismatchError"))
    #expect(scene.snapshot.counters[.checksumMismatches] == 2)
    let counters = scene.snapshot.counters
    let names = counters.mismatched.rows.map { $0.name ?? "rest" }
    func name(_ place: Int) -> String { place < names.count ? names[place] : "rest" }
    let pairs = counters.mismatches.counted.map { "\(name($0.first)) \(name($0.second)) \($0.count)" }
    // Nobody said who sent the last one.
    #expect(pairs == ["a b 1", "rest b 1"])
    #expect(scene.window()[.checksumMismatches] == 2)
  }

  @Test func `results that did not pass are counted by rule and severity`() throws {
    var settings = AnalyticsSettings()
    settings.capacity.rules = 2
    var scene = Scene(settings)
    let results = #"""
      {"valid": false, "results": [{"rule": "budget", "passed": false, "severity": "warning", "message": "x"},
        {"rule": "deadline", "passed": true, "severity": "error"}, {"rule": "a\"b", "passed": false},
        {"rule": "third", "passed": false, "severity": "odd"}]}
      """#
    scene.tell(.validated, "h", at: 0, .validation(results))
    let rows = scene.snapshot.counters.rules.rows
    #expect(rows.map(\.name) == ["budget", "a\"b", nil])
    #expect(rows[0].counts == [0, 1, 0, 0])
    #expect(rows[1].counts == [1, 0, 0, 0])
    #expect(rows[2].counts == [0, 0, 0, 1])
    #expect(scene.snapshot.counters.overflow[.rule] == 1)
    #expect(scene.window()[.validationFailures] == 3)
  }

  @Test func `versions beyond the cap share one row`() {
    var scene = Scene()
    for number in 0..<25 {
      scene.tell(.initiated, "h\(number)", at: 0, .from("a"), .to("b"), .version("v\(number)"))
    }
    let versions = scene.snapshot.counters.versions.rows
    #expect(versions.count == 21)
    #expect(versions.last?.counts == [5])
    #expect(scene.snapshot.counters.overflow[.version] == 5)
  }

  @Test func `cold, or with no section, reference and state, is counted`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .kind("cold"), .bytes(100))
    scene.tell(.initiated, "h2", at: 0, .from("a"), .to("b"), .kind("warm"))
    scene.tell(.initiated, "h3", at: 0, .from("a"), .to("b"), .kind("warm"), .bytes(100))
    scene.tell(.initiated, "h4", at: 0, .from("a"), .to("b"), .references(1, 1))
    scene.tell(.initiated, "h5", at: 0, .from("a"), .to("b"), .sections("constraints"))
    scene.tell(.initiated, "h6", at: 0, .from("a"), .to("b"), .sections())
    #expect(scene.snapshot.counters[.cold] == 3)
    #expect(scene.window()[.cold] == 3)
  }
}

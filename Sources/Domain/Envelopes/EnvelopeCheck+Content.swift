import Bytes
import Dialects
import Model

/// What is checked of the envelope itself.
extension EnvelopeCheck {
  mutating func checkVersion() {
    guard let version = subject.envelope["version"] else {
      return find(
        .error, .missingField, place(of: "version"), "an envelope says its version, such as \"2.0\"")
    }
    guard !isKnown(version.value) else { return }
    let known = limits.knownVersions.sorted().map { "\($0).x" }.joined(separator: " and ")
    find(.error, .unsupportedVersion, version.pointer, "the versions known here are \(known)")
  }

  private func isKnown(_ version: JSONValue) -> Bool {
    let text: String
    switch version {
    case .text(let said): text = said
    case .number(let number): text = number.text
    default: return false
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 16, let major = parts.first.flatMap({ Int($0) }) else { return false }
    return limits.knownVersions.contains(major) && parts.dropFirst().allSatisfy { UInt($0) != nil }
  }

  mutating func checkChecksum() {
    let (state, checksum) = state()
    report.statedChecksum = checksum?.text
    guard let state else { return }
    let place = checksum?.pointer ?? (subject.isForeign ? state.pointer : place(of: "checksum"))
    guard let stated = checksum?.text else {
      return note(
        .warning, Finding.Code.checksumMissing.rawValue, at: place,
        "the state has no checksum; send the SHA-256 of its canonical JSON")
    }
    guard let comparison = Checksum.compare(stated, with: state.value) else {
      return note(
        .warning, Finding.Code.checksumUnknown.rawValue, at: place,
        "this is no SHA-256 and cannot be compared; send sha256: and 64 digits")
    }
    report.computedChecksum = comparison.computed
    report.isChecksumRight = comparison.form != nil
    report.checksumForm = comparison.form?.rawValue
    tell(comparison, at: place)
  }

  private mutating func tell(_ comparison: Checksum.Comparison, at place: String) {
    switch comparison.form {
    case nil:
      note(
        .error, Finding.Code.checksumMismatch.rawValue, at: place,
        "the state comes to \(comparison.computed); it was changed after its checksum was taken")
    case .asWritten:
      note(
        .warning, Finding.Code.checksumNotCanonical.rawValue, at: place,
        "it matches the state as it was written, not its canonical JSON; a receiver with another library will not see that"
      )
    case .canonical, .text: break
    }
  }

  /// The state and its checksum, as they were sent: beside one another, or in a package with the data.
  private func state() -> (JSONPlace?, JSONPlace?) {
    let places = subject.isForeign ? [subject.message] : [subject.envelope, subject.message]
    func first(_ name: String) -> JSONPlace? { places.lazy.compactMap { $0[name] }.first }
    let state = first("state") ?? first("data")
    if let state, let data = state["data"], let checksum = state["checksum"] { return (data, checksum) }
    return (state, first("checksum"))
  }

  mutating func checkSections() {
    let said = subject.envelope["sections"]
    let listed = said?.value.elements.compactMap(\.text)
    let found = Sections.present(in: [subject.envelope, subject.message])
    report.sections = Sections.all.filter {
      (listed ?? found).contains($0) || (listed != nil && isContent($0))
    }
    checkCold()
    for section in Sections.all where !report.sections.contains(section) {
      find(
        .warning, .missingSection, said?.pointer ?? place(of: "sections"), "the section \(section) is missing"
      )
    }
  }

  /// Whether a section stands there itself, under its own name.
  private func isContent(_ section: String) -> Bool {
    [subject.envelope, subject.message].contains { $0[section].map { !$0.value.isEmpty } ?? false }
  }

  private mutating func checkCold() {
    let kind = subject.fact("kind")
    if kind?.text == "cold" {
      return find(
        .warning, .coldWithoutContext, kind?.pointer,
        "a cold handoff leaves the receiver to find out for itself")
    }
    let requested = subject.fact("memory_refs.requested")?.value.number ?? 0
    guard report.sections.isEmpty, requested == 0, state().0 == nil else { return }
    find(
      .warning, .coldWithoutContext, subject.envelope.pointer,
      "no section, no reference and no state: the receiver is told nothing")
  }

  mutating func checkReferences() {
    guard let references = subject.fact("memory_refs"), case .object = references.value else { return }
    let (requested, resolved) = (references["requested"]?.value.number, references["resolved"]?.value.number)
    report.references = (requested, resolved)
    guard let completeness = report.completeness, completeness < limits.leastCompleteness else { return }
    find(
      .warning, .contextIncomplete, references.pointer,
      "\(Int(completeness * 100)) % of the references were resolved; the receiver will miss the rest")
  }

  mutating func checkTokens() {
    let tokens = subject.fact("tokens")
    let (budget, used) = (tokens?["budget"], tokens?["used"])
    report.tokens = (budget?.value.number, used?.value.number, tokens?["trimmed"]?.value.number)
    guard let used, let share = report.utilization else { return }
    if share > 1 {
      find(.error, .budgetExceeded, used.pointer, "this is over the budget; trim what has the least priority")
    } else if share >= limits.fullBudget {
      find(.warning, .budgetUsedUp, used.pointer, "the budget is used up; something may have been trimmed")
    }
  }

  mutating func checkTimes() {
    if let expiry = subject.fact("expires_at"), let moment = Self.moment(expiry.value),
      moment <= circumstances.now
    {
      find(.error, .expired, expiry.pointer, "this has expired; make a new envelope")
    }
    guard let deadline = subject.fact("deadline"), let moment = Self.moment(deadline.value) else { return }
    let left = Duration.microseconds(moment.microseconds - circumstances.now.microseconds)
    report.headroom = Double(moment.microseconds - circumstances.now.microseconds) / 1e6
    if left < limits.leastHeadroom {
      find(
        .error, .deadlineHeadroom, deadline.pointer,
        "less than \(limits.leastHeadroom.components.seconds) s are left; the receiver cannot keep it")
    } else if left < limits.shortHeadroom {
      find(
        .warning, .deadlineHeadroom, deadline.pointer,
        "less than \(limits.shortHeadroom.components.seconds) s are left")
    }
  }

  /// A moment as events write it: RFC 3339, or a number of seconds, or milliseconds from 10^11 on.
  private static func moment(_ value: JSONValue) -> Timestamp? {
    if let text = value.text { return Timestamp(rfc3339: Array(text.utf8)[...]) }
    guard let number = value.number, number.magnitude < 1e15 else { return nil }
    return Timestamp(microseconds: Int64(number * (number.magnitude >= 1e11 ? 1e3 : 1e6)))
  }

  mutating func checkConstraints() {
    guard let upstream = circumstances.upstream else { return }
    let (hash, each) = (subject.fact("constraints_hash"), subject.fact("constraint_hashes"))
    let here = RecordConstraints(
      hasSection: report.sections.contains("constraints"), whole: hash?.text,
      each: each.map { Set($0.elements.compactMap(\.text)) })
    if upstream.constraints.isBinding, !here.isBinding {
      return find(
        .error, .constraintsLost, place(of: "constraints_hash"),
        "the handoff before was bound by constraints, and this one is not; hand them on")
    }
    switch upstream.constraints.lost(in: here) {
    case .constraint:
      find(
        .error, .constraintsLost, place(of: "constraint_hashes"),
        "some constraints of the handoff before are gone; hand all of them on")
    case .hash where hash != nil:
      find(
        .warning, .constraintsChanged, place(of: "constraints_hash"),
        "the constraints are not those of the handoff before")
    default: break
    }
  }
}

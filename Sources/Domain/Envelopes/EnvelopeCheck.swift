// The check of an envelope before it is sent.
//
// It says what would go wrong with it: at the sidecar (fields that would be refused), at the receiver (a state that does
// not match its checksum, context that is not there, a budget or deadline that cannot be kept), and on the way (secrets,
// a target that is not ready, constraints that were dropped). A function of the envelope and its circumstances; nothing
// is stored.
import Bytes
import Decoding
import Dialects
import Model

extension EnvelopeSubject {
  /// Checks it.
  public func check(_ circumstances: Circumstances) -> EnvelopeReport {
    var check = EnvelopeCheck(subject: self, circumstances: circumstances)
    check.run()
    return check.report
  }
}

struct EnvelopeCheck {
  let subject: EnvelopeSubject
  let circumstances: Circumstances
  var report: EnvelopeReport

  /// More secrets than this are not listed.
  private static let mostSecrets = 20

  init(subject: EnvelopeSubject, circumstances: Circumstances) {
    self.subject = subject
    self.circumstances = circumstances
    report = EnvelopeReport(form: subject.form)
  }

  var limits: Circumstances.Limits { circumstances.limits }

  mutating func run() {
    checkFields()
    checkSecrets()
    checkPayload()
    checkTarget()
    checkHop()
    checkEscalation()
    guard subject.carriesEnvelope else { return }
    checkVersion()
    checkChecksum()
    checkSections()
    checkReferences()
    checkTokens()
    checkTimes()
    checkConstraints()
  }

  /// Notes what was found at a place of the event.
  mutating func find(
    _ severity: Finding.Severity, _ code: Finding.Code, _ pointer: String?, _ message: String
  ) {
    note(severity, code.rawValue, at: pointer.map { subject.origin(of: $0) } ?? "", message)
  }

  /// Notes what was found at a place of what was sent.
  mutating func note(
    _ severity: Finding.Severity, _ code: String, at pointer: String, _ message: String
  ) {
    report.findings.append(
      Finding(severity: severity, code: code, pointer: pointer, message: message))
  }

  /// Where a member of the envelope belongs.
  func place(of name: String) -> String { JSONPointer.to(name, in: subject.envelope.pointer) }
}

// MARK: around the envelope

extension EnvelopeCheck {
  /// What the sidecar would refuse it for, and what else has to be there.
  private mutating func checkFields() {
    if let fault = subject.fault {
      note(.error, fault.code.rawValue, at: fault.pointer, fault.message)
    }
    if let refusal = EventTrial.refusal(of: subject, at: circumstances.now) {
      note(.error, refusal.code.rawValue, at: subject.origin(of: refusal.pointer), refusal.message)
    }
    guard subject.event != nil, subject.type == .initiated, subject.fault == nil else { return }
    let receivers = subject.fact("receivers").map { !$0.value.isEmpty } ?? false
    for (name, who) in [
      ("handoff_id", "the handoff"), ("from_agent", "who hands off"), ("to_agent", "who takes over"),
    ] {
      let isThere = subject.event?[name] != nil || (name == "to_agent" && receivers)
      let pointer = subject.origin(of: "/" + name)
      guard !isThere, !report.findings.contains(where: { $0.pointer == pointer }) else { continue }
      find(.error, .missingField, "/" + name, "an event that begins a handoff names \(who)")
    }
  }

  private mutating func checkSecrets() {
    for pointer in Secrets.places(in: subject.message.value, most: Self.mostSecrets) {
      note(
        .error, Finding.Code.secret.rawValue, at: pointer,
        "this is or looks like a secret; hand over a reference to where the receiver may read it")
    }
  }

  private mutating func checkPayload() {
    let message = subject.message
    let places = [message["payload"], subject.envelope["payload"], message.at("attributes.payload")]
      .compactMap(\.self)
    guard let payload = places.first(where: { $0.text != nil }) else { return }
    note(
      .error, Finding.Code.payloadNotStructured.rawValue, at: payload.pointer,
      "a payload is structured, never a raw string; send an object")
  }

  private mutating func checkTarget() {
    guard !circumstances.obstacles.isEmpty, let target = subject.fact("to_agent") else { return }
    let reasons = circumstances.obstacles.joined(separator: ", ")
    find(
      .error, .targetNotReady, target.pointer,
      "the target is not ready (\(reasons)); wait, or send to another")
  }

  private mutating func checkHop() {
    guard let hop = subject.fact("hop") ?? subject.fact("hop_count"), let value = hop.value.number else {
      return
    }
    report.hop = value
    if value > Double(limits.mostHops) {
      find(
        .error, .hopLimit, hop.pointer,
        "this is beyond the limit of \(limits.mostHops) hops; end the task or escalate it")
    } else if value > Double(limits.manyHops) {
      find(.warning, .hopLimit, hop.pointer, "the limit of \(limits.mostHops) hops is near")
    }
  }

  private mutating func checkEscalation() {
    let told =
      subject.fact("escalation.depth") ?? subject.fact("escalation_depth") ?? subject.fact("escalation_level")
    guard let depth = told, let value = depth.value.number else { return }
    if value > Double(limits.deepestEscalation) {
      find(
        .error, .escalationDepth, depth.pointer,
        "this is escalated more than \(limits.deepestEscalation) deep; hand it to a human")
    } else if value > Double(limits.deepEscalation) {
      find(
        .warning, .escalationDepth, depth.pointer,
        "the limit of \(limits.deepestEscalation) escalations is near")
    }
  }
}

import Analytics
public import Exposition
import Model

/// A label, and which values it may have.
public struct LabelRange: Sendable {
  /// The name of the label.
  public let name: String
  /// The values, where they are a closed list.
  public let values: [String]
  /// Each of the values, rendered.
  public let sets: [LabelSet]
  /// The places of those values whose series are there, at 0, from when an agent is first seen.
  ///
  /// The rest come with the first event: so a hundred agents stay below 10,000 lines, and no failure goes
  /// unseen, because another counter that was there already tells of it too.
  public let atFirst: [Int]

  /// Whether the values are known from the start; names of agents, rules and receivers are not.
  public var isClosed: Bool { !values.isEmpty }

  /// A label of that name; values are open where none are named.
  init(_ name: String, _ values: [String] = [], atFirst: Set<String>? = nil) {
    self.name = name
    self.values = values
    self.atFirst = values.indices.filter { atFirst?.contains(values[$0]) ?? true }
    sets = values.map { LabelSet(name, $0) }
  }

  /// Whether the series of a value is there from when an agent is first seen.
  func isAtFirst(_ place: Int) -> Bool { atFirst.contains(place) }

  /// The label with one of its values, as its place in the list tells.
  public subscript(place: Int) -> LabelSet { sets.indices.contains(place) ? sets[place] : .none }
}

extension LabelRange {
  // Names of others.
  static let toAgent = LabelRange("to_agent")
  static let fromAgent = LabelRange("from_agent")
  static let agent = LabelRange("agent")
  static let rule = LabelRange("rule")
  static let receiver = LabelRange("receiver")
  static let version = LabelRange("version")
  static let revision = LabelRange("revision")
  static let swiftVersion = LabelRange("swift_version")
  static let code = LabelRange("code")
  static let sentVersion = LabelRange("sent_version")
  static let receivedVersion = LabelRange("received_version")

  /// How handoffs are arranged.
  public static let pattern = LabelRange("pattern", HandoffPattern.allCases.map(\.name), atFirst: ["direct"])
  /// How a handoff ended, or that it was delivered.
  public static let outcome = LabelRange(
    "outcome", Outcome.allCases.map(\.name), atFirst: ["delivered", "failed", "timeout"])
  /// What a handoff was exhausted by.
  public static let failureReason = LabelRange(
    "reason", FailureReason.allCases.map(\.name), atFirst: ["timeout"])
  /// Why a handoff was made.
  public static let handoffReason = LabelRange("reason", HandoffReason.allCases.map(\.name))
  /// How a handoff passes context and responsibility on.
  public static let kind = LabelRange("kind", HandoffKind.allCases.map(\.name))
  /// The same, where each kind is there once it was seen, because it brings many series.
  public static let kindOnceSeen = LabelRange("kind", HandoffKind.allCases.map(\.name), atFirst: ["warm"])
  /// What became of the work.
  public static let workResult = LabelRange("result", WorkResult.allCases.map(\.name))
  /// Whether an error may pass when tried again.
  public static let errorClass = LabelRange("class", ErrorClass.allCases.map(\.name), atFirst: ["retryable"])
  /// How an envelope was packed.
  public static let strategy = LabelRange("strategy", EnvelopeStrategy.allCases.map(\.name))
  /// What the time of a handoff goes into.
  public static let phase = LabelRange("phase", HandoffPhase.allCases.map(\.name))
  /// What was decided about a failure.
  public static let failureDecision = LabelRange("decision", FailureDecision.allCases.map(\.name))
  /// What a receiver had to ask for.
  public static let fetched = LabelRange("what", ContextFetch.allCases.map(\.rawValue))
  /// How it can be told that constraints are gone.
  public static let constraintsLost = LabelRange("lost", ConstraintsLost.allCases.map(\.rawValue))
  /// Where a circuit stands.
  public static let circuitState = LabelRange("state", CircuitState.allCases.map(\.name))
  /// What state a circuit entered; the first it can enter is open.
  public static let circuitEntered = LabelRange("state", CircuitState.allCases.map(\.name), atFirst: ["open"])
  /// What has become of a dead letter.
  public static let deadLetterStatus = LabelRange("status", ParkingState.allCases.map(\.name))
  /// How an agent fares.
  public static let healthStatus = LabelRange("status", HealthStatus.reported.map(\.name))
  /// How bad a result that did not pass is.
  public static let resultSeverity = LabelRange("severity", ResultSeverity.allCases.map(\.name))
  /// How urgent an alert is.
  public static let alertSeverity = LabelRange("severity", ["critical", "warning", "info"])
  /// Where an alert stands while it is there.
  public static let alertState = LabelRange("state", ["pending", "firing"])
  /// Where an alert went.
  public static let alertTransition = LabelRange("state", ["inactive", "pending", "firing", "resolved"])
  /// Why a notification was given up.
  public static let notificationFailure = LabelRange(
    "reason", ["status", "redirect", "expired", "other"])
  /// Where events come in.
  public static let ingestPath = LabelRange("path", ["/v1/events", "/v1/traces", "/v1/traces/ingest"])
  /// What the store was doing.
  public static let storeOperation = LabelRange(
    "operation", ["connect", "migrate", "partition", "position", "write", "commit", "query", "retain"])
  /// What the retention removes.
  public static let retained = LabelRange(
    "what",
    [
      "partitions", "handoffs", "identities", "agents", "rejections", "quarantine", "alerts", "rollups",
    ])
  /// What found no room: a name that would be one too many in a label, or something to be remembered.
  public static let overflow = LabelRange("label", BoundedName.allCases.map(\.name))
}

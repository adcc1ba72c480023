import Hashing
import Model

/// What the fold remembers of one handoff: numbers only, about 450 bytes.
struct Handoff: Sendable {
  /// What has happened to it already; most of it is to happen once.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt64

    /// Told: it was initiated; it was delivered; an attempt failed.
    static let initiated = Self(rawValue: 1 << 0)
    static let delivered = Self(rawValue: 1 << 1)
    static let attempted = Self(rawValue: 1 << 2)
    /// Counted, once each.
    static let finished = Self(rawValue: 1 << 3)
    static let concluded = Self(rawValue: 1 << 4)
    static let completed = Self(rawValue: 1 << 5)
    static let workFailed = Self(rawValue: 1 << 6)
    static let measuredAcknowledgement = Self(rawValue: 1 << 7)
    static let measuredDuration = Self(rawValue: 1 << 8)
    static let skewed = Self(rawValue: 1 << 9)
    static let references = Self(rawValue: 1 << 10)
    static let chain = Self(rawValue: 1 << 11)
    static let sections = Self(rawValue: 1 << 12)
    static let tokens = Self(rawValue: 1 << 13)
    static let strategy = Self(rawValue: 1 << 14)
    static let version = Self(rawValue: 1 << 15)
    static let deadline = Self(rawValue: 1 << 16)
    static let confidence = Self(rawValue: 1 << 17)
    static let size = Self(rawValue: 1 << 18)
    static let mismatch = Self(rawValue: 1 << 19)
    static let inGroup = Self(rawValue: 1 << 20)
    static let acknowledgedInGroup = Self(rawValue: 1 << 21)
    /// State: exhausted towards the present target; sent by an event that came late.
    static let exhausted = Self(rawValue: 1 << 22)
    static let sentLate = Self(rawValue: 1 << 23)
    /// State: overdue; to be looked up before it is called so; held back while the database is away.
    static let overdue = Self(rawValue: 1 << 24)
    static let unconfirmed = Self(rawValue: 1 << 25)
    static let heldBack = Self(rawValue: 1 << 26)
    /// State: counted in the gauges of active handoffs; left them because there were too many.
    static let active = Self(rawValue: 1 << 27)
    static let crowdedOut = Self(rawValue: 1 << 28)
    /// State: in the list of what its task's receivers have acknowledged.
    static let held = Self(rawValue: 1 << 29)
    /// Measured by the sidecar whose commit completes the pair, unless told otherwise.
    static let leftAcknowledgement = Self(rawValue: 1 << 30)
    static let leftDuration = Self(rawValue: 1 << 31)
    /// State: counted in the gauges of overdue handoffs.
    static let countedOverdue = Self(rawValue: 1 << 32)
    /// Looked at once: whether constraints were lost on the way here; which versions met.
    static let bound = Self(rawValue: 1 << 33)
    static let versions = Self(rawValue: 1 << 34)
    /// State: failed, and nothing was done about it; in the list of such of its task.
    static let undecided = Self(rawValue: 1 << 35)
    static let amongUndecided = Self(rawValue: 1 << 36)
    /// Measured: how long its sender, sending here, waited for an answer.
    static let measuredBlocking = Self(rawValue: 1 << 37)
    /// Told: it was validated; counted, once: its deadline was over before it had ended.
    static let validated = Self(rawValue: 1 << 38)
    static let missed = Self(rawValue: 1 << 39)
  }

  let id: Hash128
  /// The id as text.
  var text = TextStore.none
  var marks: Marks = []
  var life = Life()

  var from = AgentRef.none
  var to = AgentRef.none
  /// When the events occurred that named these agents, with their ranks.
  var fromKey = EventKey.none
  var toKey = EventKey.none
  /// The target that its gauges were counted for.
  var countedTo = AgentRef.none

  var task = TaskRef.none
  /// When a child of it was sent last, and by whom: by its receiver, it ends it.
  var passedOnAt = Life.never
  var passedOnBy = AgentRef.none
  /// Its neighbours in each of the lists of its task.
  var nextInTask = InlineArray<2, UInt32>(repeating: SlotLists.none)
  var previousInTask = InlineArray<2, UInt32>(repeating: SlotLists.none)
  var group = UInt32.max

  /// A word's number, or `unsaid`.
  var kind = Handoff.unsaid
  var pattern = Handoff.unsaid
  var reason = Handoff.unsaid
  var lastError = FailureReason.other.rawValue
  var hasError = false
  static let unsaid = UInt8.max

  var hop: UInt16 = 0
  /// Context retained along the chain before this hop, and the completeness of this hop.
  var arriving = 1.0
  var completeness = 1.0
  /// What binds its receiver, as its envelope tells, and what bound its sender.
  var bonds = Bonds()
  var inherited = Bonds()
  var phases = PhaseClock()
  /// Places of the versions that its sender and its receiver told.
  var sentVersion: UInt8?
  var receivedVersion: UInt8?
  var strategy = Handoff.unsaid
  /// When it failed last, and until when somebody should have done something about it.
  var failedAt = Life.never
  var decisionDue = Int64.max
  /// Hashes of the checksum as sent, and as received.
  var sentChecksum: UInt64 = 0
  var receivedChecksum: UInt64 = 0
  /// The earliest deadline that its envelope told; the end of time where there is none.
  var deadline = Int64.max
  /// Where it stands among the dead letters, and with what time it was entered there.
  var parking: ParkingState?
  var enteredAs = Int64.max

  var attempts: UInt32 = 0
  var highestAttempt: UInt32 = 0
  var failedAttempts: UInt32 = 0
  /// The target's rows of failures that it was counted in.
  var failureRow: UInt32 = 0
  var exhaustedRow: UInt32 = 0

  /// What the tests of rules' conditions answered to what its events told.
  var answers: TestAnswers = []

  /// An outcome that waits for the name of its target, since when, and whether it came late.
  var pending: Outcome?
  var pendingSince: Int64 = 0
  var isPendingLate = false

  init(id: Hash128) {
    self.id = id
  }

  /// What words say that nobody said: `other`.
  var saidKind: HandoffKind { HandoffKind(rawValue: kind) ?? .other }
  var saidPattern: HandoffPattern { HandoffPattern(rawValue: pattern) ?? .other }
  var saidStrategy: EnvelopeStrategy { EnvelopeStrategy(rawValue: strategy) ?? .other }

  /// Context retained along the chain after this hop.
  var retained: Double { arriving * completeness }
}

/// Where an event stands among those of its handoff, as far as two numbers tell.
struct EventKey: Equatable, Sendable {
  var occurredAt: Int64
  var rank: UInt8

  static let none = Self(occurredAt: .min, rank: 0)

  static func < (left: Self, right: Self) -> Bool {
    left.occurredAt != right.occurredAt ? left.occurredAt < right.occurredAt : left.rank < right.rank
  }
}

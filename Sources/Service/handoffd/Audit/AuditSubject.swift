/// What `audit` can be asked about.
enum AuditSubject: String, CaseIterable {
  case handoffs
  case handoff
  case task
  case conversation
  case agents
  case agent
  case active
  case deadLetters = "dead-letters"
  case alerts
  case summary

  /// Whether an id belongs to it.
  var takesID: Bool {
    switch self {
    case .handoff, .task, .conversation, .agent: true
    case .handoffs, .agents, .active, .deadLetters, .alerts, .summary: false
    }
  }

  /// Where the sidecar answers.
  func path(_ id: String) -> String {
    switch self {
    case .handoffs, .agents, .active, .alerts, .summary, .deadLetters: "/v1/\(rawValue)"
    case .handoff, .task, .conversation, .agent: "/v1/\(rawValue)s/\(PercentEncoding.segment(id))"
    }
  }

  /// The member of the answer that holds the rows; nil where the answer is one thing.
  var list: String? {
    switch self {
    case .handoffs, .active: "handoffs"
    case .agents: "agents"
    case .deadLetters: "dead_letters"
    case .alerts: "alerts"
    case .handoff, .task, .conversation, .agent, .summary: nil
    }
  }

  /// The flags that mean something for it, besides those that mean something for all.
  var flags: [String] {
    switch self {
    case .handoffs: HandoffFlags.all
    case .agents, .agent: ["scope"]
    case .active: ["scope", "limit"]
    case .deadLetters: ["limit"]
    case .summary: ["window", "scope"]
    case .handoff, .task, .conversation, .alerts: []
    }
  }

  /// Whether the sidecar gives it page by page.
  var isPaged: Bool {
    switch self {
    case .handoffs, .active, .deadLetters: true
    default: false
    }
  }

  /// What an empty list is called.
  var plural: String {
    switch self {
    case .deadLetters: "dead letters"
    case .active: "active handoffs"
    default: rawValue
    }
  }
}

import Analytics
import Exposition

/// The labels of agents, rendered once for as long as an agent keeps its series.
public struct AgentLabels: Sendable {
  /// The labels of one series, as different families name them.
  struct Row: Sendable {
    let name: String
    private let to: LabelSet
    private let from: LabelSet
    private let agent: LabelSet

    init(_ name: String) {
      self.name = name
      to = LabelSet("to_agent", name)
      from = LabelSet("from_agent", name)
      agent = LabelSet("agent", name)
    }

    /// The label under the name that a family has for it.
    subscript(name: Name) -> LabelSet {
      switch name {
      case .to: to
      case .from: from
      case .agent: agent
      }
    }
  }

  /// What families call an agent.
  enum Name: Sendable {
    case to
    case from
    case agent

    init(_ metric: Metric) {
      switch Catalogue[metric]?.labels.first?.name {
      case "from_agent": self = .from
      case "agent": self = .agent
      default: self = .to
      }
    }
  }

  /// The name for all agents without series of their own.
  public static let shared = "__other__"

  private var rows: [Row] = []

  /// No labels yet.
  public init() {}

  subscript(series: Int) -> Row { rows[series] }

  /// Renders what is new in a snapshot.
  mutating func follow(_ snapshot: Snapshot) {
    for series in 0..<snapshot.seriesCount {
      let name = snapshot.name(ofSeries: series) ?? Self.shared
      if series == rows.count {
        rows.append(Row(name))
      } else if rows[series].name != name {
        rows[series] = Row(name)
      }
    }
  }
}

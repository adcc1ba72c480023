// Who holds what: whoever has a handoff holds what it names, from the moment it has it until the handoff ends. Before the
// acknowledgement that is the sender, after it the receiver.
//
// Senders keep resources as a map of kinds to ids, as a list of entries, or as a map of ids to what they are; all are read.
import Bytes
public import Model

/// Something that is held for the work of a handoff.
public struct HeldResource: Hashable, Sendable {
  /// What kind of thing it is.
  public let kind: String
  /// Which one.
  public let id: String
}

extension HeldResource {
  /// The most that are read of one handoff.
  public static let most = 64

  /// The resources that a record names.
  public static func named(by record: HandoffRecord) -> [HeldResource] {
    guard let json = record.value(of: .resources), let value = JSONValue(Array(json)) else { return [] }
    return Array(read(value).prefix(most))
  }

  private static func read(_ value: JSONValue) -> [HeldResource] {
    switch value {
    case .object(let object): object.members.flatMap { read($0.value, named: $0.name) }
    case .array(let elements): elements.flatMap(readEntry)
    default: []
    }
  }

  /// A member of a map: a kind with its ids, or an id with what it is.
  private static func read(_ value: JSONValue, named name: String) -> [HeldResource] {
    switch value {
    case .array(let ids): ids.compactMap(identifier).map { HeldResource(kind: name, id: $0) }
    case .object(let object):
      if object["id"] != nil || object["ids"] != nil {
        readEntry(value, kind: name)
      } else {
        [HeldResource(kind: object["type"]?.text ?? name, id: name)]
      }
    default: identifier(value).map { [HeldResource(kind: name, id: $0)] } ?? []
    }
  }

  /// An entry of a list: an object that says what it is, a pair as maps are written, or an id.
  private static func readEntry(_ value: JSONValue) -> [HeldResource] {
    switch value {
    case .array(let pair):
      pair.first?.text.map { name in pair.dropFirst().flatMap { read($0, named: name) } } ?? []
    case .object: readEntry(value, kind: "resource")
    default: identifier(value).map { [HeldResource(kind: "resource", id: $0)] } ?? []
    }
  }

  private static func readEntry(_ value: JSONValue, kind: String) -> [HeldResource] {
    let kind = value["type"]?.text ?? value["kind"]?.text ?? kind
    let ids = value["ids"]?.elements ?? (value["id"] ?? value["name"]).map { [$0] } ?? []
    return ids.compactMap(identifier).map { HeldResource(kind: kind, id: $0) }
  }

  private static func identifier(_ value: JSONValue) -> String? {
    if let number = value.number { return value.integer.map(String.init) ?? String(number) }
    return value.text ?? value["id"].flatMap(identifier)
  }
}

/// Which agents hold each resource at once: more than one, where a lock was not let go, or never was one.
public struct Holdings: Sendable {
  private var agents: [HeldResource: [String]] = [:]

  /// What handoffs under way hold.
  public init(_ records: some Sequence<HandoffRecord>) {
    for record in records {
      guard let agent = record.holder.agent else { continue }
      for resource in HeldResource.named(by: record) where !holders(of: resource).contains(agent) {
        agents[resource, default: []].append(agent)
      }
    }
  }

  /// The agents that hold it, in the order in which their handoffs began.
  public func holders(of resource: HeldResource) -> [String] { agents[resource] ?? [] }
}

extension HandoffRecord {
  /// Who has the handoff, and since when.
  public var holder: (agent: String?, since: Timestamp?) {
    let life = life
    if let acknowledged = life.acknowledgedAt { return (text(of: .toAgent), acknowledged) }
    return (text(of: .fromAgent), life.firstEventAt)
  }
}

// The context that the agents of a task share: read by all, written by few, one after another.
//
// Handoffs tell which state of it they go by. What differs from the state told before is a write; what comes back to one
// that was replaced is no write, but work on something stale. Only what the agents told is held against a writer: a list
// of those who may write, versions that can be put in order, the version that was read before.
import Bytes
public import Model

/// A state of the context that the agents of a task share.
public struct SharedContext: Sendable {
  /// Grows with each write.
  public let version: String?
  /// What stays the same while it does.
  public let hash: String?
  /// Who wrote it.
  public let writtenBy: String?
  /// The version that its writer had read.
  public let basedOn: String?
  /// Who may write it; empty where nobody said.
  public let writers: [String]
  /// All that was told of it, as JSON.
  public let json: [UInt8]
}

/// What is wrong with how a handoff uses the shared context.
public enum ContextFault: String, CaseIterable, Sendable {
  /// Its writer is none of those who may write.
  case notAllowed = "not_allowed"
  /// It goes by a version that had been replaced.
  case stale
  /// What was written has an older version than what was there.
  case olderVersion = "older_version"
  /// What was written has the version of something else.
  case sameVersion = "same_version"
  /// Its writer had not read what was there.
  case olderBase = "older_base"
}

/// A handoff that tells of another state of the shared context than was told before it.
public struct ContextWrite: Sendable {
  /// The handoff.
  public let link: ChainLink
  /// The state.
  public let context: SharedContext
  /// When it was told.
  public let toldAt: Timestamp
  /// What is wrong with it.
  public let faults: [ContextFault]

  /// Whether it became what the agents share.
  var isCurrent: Bool { !faults.contains(.stale) && !faults.contains(.olderVersion) }
}

extension TaskChain {
  /// The states of the shared context, in the order in which they were told.
  public var contextWrites: [ContextWrite] {
    let told = links.compactMap { link in
      link.record.moment(of: .sharedContext).flatMap { at in
        SharedContext(link.record).map { (link, $0, at) }
      }
    }
    // Sorting by the moment alone would leave the order of what was told at once to chance.
    let sorted = told.enumerated().sorted { ($0.element.2, $0.offset) < ($1.element.2, $1.offset) }
    return sorted.reduce(into: []) { writes, told in
      let (link, context, toldAt) = told.element
      if let last = writes.last(where: \.isCurrent), context.isSame(as: last.context) { return }
      writes.append(
        ContextWrite(
          link: link, context: context, toldAt: toldAt, faults: context.faults(after: writes)))
    }
  }
}

extension [ContextWrite] {
  /// What the agents share now, as far as was told.
  public var current: ContextWrite? { last(where: \.isCurrent) }

  /// Who wrote, in the order in which they first did.
  public var writers: [String] {
    var seen: Set<String> = []
    return filter { !$0.faults.contains(.stale) }.compactMap(\.context.writtenBy)
      .filter { seen.insert($0).inserted }
  }
}

extension SharedContext {
  fileprivate init?(_ record: HandoffRecord) {
    guard let json = record.value(of: .sharedContext).map(Array.init), let value = JSONValue(json) else {
      return nil
    }
    func text(_ name: String) -> String? {
      value[name].flatMap { value in
        value.text ?? value.number.map { _ in String(decoding: value.bytes(), as: UTF8.self) }
      }
    }
    self.json = json
    version = text("version")
    hash = text("hash")
    writtenBy = text("written_by")
    basedOn = text("based_on")
    writers = value["writers"]?.elements.compactMap(\.text) ?? []
    if version == nil, hash == nil { return nil }
  }

  /// Whether nothing tells it from another.
  fileprivate func isSame(as other: Self) -> Bool {
    let pairs = [(version, other.version), (hash, other.hash)].filter { $0.0 != nil && $0.1 != nil }
    return !pairs.isEmpty && pairs.allSatisfy { $0.0 == $0.1 }
  }

  fileprivate func faults(after writes: [ContextWrite]) -> [ContextFault] {
    let earlier = writes.map(\.context)
    // With versions a state cannot come back; with hashes alone, it may have been written again.
    if version != nil, earlier.contains(where: isSame) { return [.stale] }
    var faults: [ContextFault] = []
    let allowed = earlier.last { !$0.writers.isEmpty }?.writers ?? writers
    if let writtenBy, !allowed.isEmpty, !allowed.contains(writtenBy) { faults.append(.notAllowed) }
    guard let present = writes.current?.context.version else { return faults }
    if version == present {
      faults.append(.sameVersion)
    } else if let version, Self.isOlder(version, than: present) {
      faults.append(.olderVersion)
    }
    if let basedOn, Self.isOlder(basedOn, than: present) { faults.append(.olderBase) }
    return faults
  }

  /// Versions that count up, as whole numbers with points between; others are not older than anything.
  private static func isOlder(_ version: String, than other: String) -> Bool {
    let numbers = [version, other].map {
      $0.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    }
    guard numbers.allSatisfy({ !$0.contains(nil) }) else { return false }
    return numbers[0].compactMap(\.self).lexicographicallyPrecedes(numbers[1].compactMap(\.self))
  }
}

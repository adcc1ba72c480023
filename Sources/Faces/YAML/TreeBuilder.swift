/// Builds the tree of one document out of events, noting faults on the way.
///
/// No recursion: an explicit stack of open lists and mappings, never deeper than the limit.
struct TreeBuilder {
  private(set) var root: YAMLNode?
  private(set) var faults: [YAMLFault] = []
  private(set) var isDone = false

  private let limits: YAMLLimits
  private var open: [Collection] = []
  private var nodes = 0
  private var documents = 0

  init(limits: YAMLLimits) {
    self.limits = limits
  }

  /// Takes the next event.
  mutating func take(_ event: Event) {
    checkDecorations(event)
    guard !isDone else { return }
    switch event.kind {
    case .streamStart, .documentEnd: break
    case .streamEnd: isDone = true
    case .documentStart: startDocument(event.mark)
    case .alias(let name):
      note(.alias, event.mark, "alias *\(printable(name)) is not allowed; write the value out")
      place(nil, event.mark)
    case .scalar(let scalar): place(YAMLNode(content: .scalar(scalar), mark: event.mark), event.mark)
    case .sequenceStart: push(Collection(isMapping: false, mark: event.mark))
    case .mappingStart: push(Collection(isMapping: true, mark: event.mark))
    case .sequenceEnd, .mappingEnd: pop()
    }
  }

  /// Ends the reading with a fault; the outermost value keeps what was complete.
  mutating func fail(_ fault: YAMLFault) {
    guard !isDone else { return }
    isDone = true
    faults.append(fault)
    if let outermost = open.first { root = outermost.node }
    open = []
  }

  private mutating func startDocument(_ mark: YAMLMark) {
    documents += 1
    guard documents > 1 else { return }
    fail(YAMLFault(.secondDocument, at: mark, "a second document begins here; only one is allowed"))
  }

  private mutating func checkDecorations(_ event: Event) {
    if let anchor = event.anchor {
      note(.alias, event.mark, "anchor &\(printable(anchor)) is not allowed; write the value out")
    }
    if let tag = event.tag {
      note(.tag, event.mark, "tag \(printable(tag)) is not allowed; write the plain value")
    }
  }

  private mutating func push(_ collection: Collection) {
    guard open.count < limits.depth else {
      let reason = "nested deeper than \(limits.depth) levels"
      return fail(YAMLFault(.limit, at: collection.mark, reason))
    }
    open.append(collection)
  }

  private mutating func pop() {
    guard let closed = open.popLast() else { return }
    place(closed.node, closed.mark)
  }

  /// Puts a finished value where it belongs; nil stands for a value that was refused.
  private mutating func place(_ node: YAMLNode?, _ mark: YAMLMark) {
    guard count(mark) else { return }
    guard let top = open.indices.last else {
      root = node
      return
    }
    guard open[top].isMapping else {
      if let node { open[top].elements.append(node) }
      return
    }
    switch open[top].pending {
    case .none: placeKey(node, mark, top)
    case .some(.refused): open[top].pending = nil
    case .some(.key(let key, let keyMark)):
      open[top].pending = nil
      if let node { open[top].entries.append(YAMLEntry(key: key, mark: keyMark, value: node)) }
    }
  }

  private mutating func placeKey(_ node: YAMLNode?, _ mark: YAMLMark, _ top: Int) {
    open[top].pending = .refused
    guard let node else { return }
    guard let key = node.scalar?.text else {
      return note(.complexKey, mark, "a key must be plain text")
    }
    if let first = open[top].keys.updateValue(mark, forKey: key) {
      open[top].keys[key] = first
      note(.duplicateKey, mark, "key \"\(printable(key))\" comes a second time; the first is at \(first)")
    } else {
      open[top].pending = .key(key, mark)
    }
  }

  private mutating func count(_ mark: YAMLMark) -> Bool {
    nodes += 1
    guard nodes > limits.nodes else { return true }
    fail(YAMLFault(.limit, at: mark, "more than \(limits.nodes) values"))
    return false
  }

  private mutating func note(_ code: YAMLFault.Code, _ mark: YAMLMark, _ reason: String) {
    guard !isDone else { return }
    faults.append(YAMLFault(code, at: mark, reason))
    if faults.count >= limits.faults {
      fail(YAMLFault(.limit, at: mark, "too many faults; the rest of the document was not read"))
    }
  }

  /// A name from the text, fit for a message: short, and without control characters.
  private func printable(_ name: String) -> String {
    let safe = name.unicodeScalars.prefix(64).map { $0.properties.generalCategory == .control ? "?" : $0 }
    return String(String.UnicodeScalarView(safe))
  }
}

/// A list or mapping that is not finished yet.
private struct Collection {
  enum Pending {
    case key(String, YAMLMark)
    case refused
  }

  let isMapping: Bool
  let mark: YAMLMark
  var elements: [YAMLNode] = []
  var entries: [YAMLEntry] = []
  var keys: [String: YAMLMark] = [:]
  var pending: Pending?

  init(isMapping: Bool, mark: YAMLMark) {
    self.isMapping = isMapping
    self.mark = mark
  }

  var node: YAMLNode {
    YAMLNode(content: isMapping ? .mapping(entries) : .sequence(elements), mark: mark)
  }
}

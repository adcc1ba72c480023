/// A node of a singly linked chain.
protocol ChainNode: Sendable {
  /// The node behind this one.
  var next: UInt32 { get set }
}

/// Nodes of many short chains in one array, up to a capacity.
struct NodePool<Node: ChainNode>: Sendable {
  /// No node.
  static var none: UInt32 { .max }

  private let capacity: Int
  private var nodes: [Node] = []
  private var free = UInt32.max

  init(capacity: Int) {
    self.capacity = capacity
  }

  subscript(at: UInt32) -> Node {
    get { nodes[Int(at)] }
    _modify { yield &nodes[Int(at)] }
  }

  /// Puts a node before the chain that begins at `head`; nil where there is no room.
  mutating func push(_ node: Node, before head: UInt32) -> UInt32? {
    var node = node
    node.next = head
    if free != Self.none {
      let at = free
      free = nodes[Int(at)].next
      nodes[Int(at)] = node
      return at
    }
    guard nodes.count < capacity else { return nil }
    nodes.append(node)
    return UInt32(truncatingIfNeeded: nodes.count - 1)
  }

  /// Gives the whole chain back.
  mutating func drop(_ head: UInt32) {
    var at = head
    while at != Self.none {
      let next = nodes[Int(at)].next
      nodes[Int(at)].next = free
      free = at
      at = next
    }
  }

  /// The first node of a chain for which `isIt` holds.
  @inline(__always)
  func first(from head: UInt32, _ isIt: (borrowing Node) -> Bool) -> UInt32? {
    var at = head
    while at != Self.none {
      if isIt(nodes[Int(at)]) { return at }
      at = nodes[Int(at)].next
    }
    return nil
  }
}

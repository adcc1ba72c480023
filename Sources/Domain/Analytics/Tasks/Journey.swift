import Hashing
import Model

/// What the fold remembers of one task: how it travels from agent to agent.
struct Journey: Sendable {
  var id = Hash128(low: 0, high: 0)
  var text = TextStore.none
  var generation: UInt32 = 0
  /// Handoffs initiated in it.
  var handoffs: UInt32 = 0
  var escalations: UInt16 = 0
  var edgeCount: UInt8 = 0
  var stopCount: UInt8 = 0
  /// Whether its number of handoffs was observed: when it ended, or came to rest.
  var isObserved = false
  /// When something was last received of it.
  var touchedAt = Int64.min
  /// When the task ended, as events say.
  var endedAt = Life.never
  var firstEdge = UInt32.max
  var firstStop = UInt32.max
  /// The first handoff of each of its lists, and how many are in them.
  var first = InlineArray<2, UInt32>(repeating: SlotLists.none)
  var count = InlineArray<2, UInt16>(repeating: 0)
}

/// An edge that a task travelled.
struct Edge: ChainNode {
  var next = UInt32.max
  let from: AgentRef
  let to: AgentRef
  /// How many handoffs went along it.
  var travels: UInt16 = 0
}

/// An agent that a task came to, or left from.
struct Stop: ChainNode {
  var next = UInt32.max
  let agent: AgentRef
  /// Of the last handoff delivered to it: when, how deep, and what was left of the context.
  var deliveredAt = Life.never
  var hop: UInt16 = 0
  var retained = 1.0
  /// What the last handoff delivered to it binds it to.
  var binding = Bonds()
  /// When it last handed the task on.
  var handedOnAt = Life.never
}

/// Answers of a sidecar, as it gives them.
enum AuditTexts {
  static func handoff(_ id: String, _ members: String) -> String {
    """
    {"handoff_id":"\(id)","task_id":"t-1","conversation_id":"c-1","parent_handoff_id":null,"original_to_agent":null,\
    "kind":"warm","pattern":"direct","reason":"specialization","group_id":null,"receiver_count":null,"hop":null,\
    "escalation":null,"rollback":null,"validation":null,"park_reason":null,"trace_id":null,"source":"events",\
    "inferred":false,"envelope":null,"tokens":null,\(members)}
    """
  }

  static let good = handoff(
    "ho_1",
    """
    "from_agent":"planner","to_agent":"coder","state":"completed","overdue":false,"attempts":1,\
    "first_event_at":"2026-11-21T03:00:00.000000Z","initiated_at":"2026-11-21T03:00:00.123456Z",\
    "acknowledged_at":"2026-11-21T03:00:01.373456Z","ended_at":"2026-11-21T03:05:00.000000Z",\
    "ack_latency_seconds":1.25,"duration_seconds":299.876544,"completeness":1,\
    "memory_refs":{"requested":10,"resolved":10,"missing":[]},"error":null,"previous":null,\
    "context_retained":1,"depth":1,"loop":false
    """)

  static let lossy = handoff(
    "ho_2",
    """
    "from_agent":"coder","to_agent":"tester","state":"acknowledged","overdue":false,"attempts":2,\
    "first_event_at":"2026-11-21T03:05:00.000000Z","initiated_at":"2026-11-21T03:05:00.000000Z",\
    "acknowledged_at":"2026-11-21T03:05:00.040000Z","ended_at":null,"ack_latency_seconds":0.04,\
    "duration_seconds":null,"completeness":0.8,"memory_refs":{"requested":10,"resolved":8,"missing":["ms-1","ms-2"]},\
    "error":null,"previous":"ho_1","context_retained":0.8,"depth":2,"loop":false
    """)

  /// Everything in it that could act on a terminal, and what CSV must quote.
  static let hostile = handoff(
    "ho_\\u001b[31m\u{202E}x\u{9B}2J",
    """
    "from_agent":"coder","to_agent":"研究员 ,\\"a\\"\\nb","state":"failed","overdue":false,"attempts":3,\
    "first_event_at":"2026-11-21T03:06:00.000000Z","initiated_at":"2026-11-21T03:06:00.000000Z",\
    "acknowledged_at":null,"ended_at":"2026-11-21T03:07:00.000000Z","ack_latency_seconds":null,\
    "duration_seconds":60,"completeness":null,"memory_refs":null,\
    "error":{"class":"permanent","type":"auth","message":"no key","attempted":null,"hint":"renew it"},\
    "previous":"ho_1","context_retained":1,"depth":2,"loop":true
    """)

  static let late = handoff(
    "ho_4",
    """
    "from_agent":"tester","to_agent":"coder","state":"initiated","overdue":true,"attempts":1,\
    "first_event_at":"2026-11-21T03:08:00.000000Z","initiated_at":"2026-11-21T03:08:00.000000Z",\
    "acknowledged_at":null,"ended_at":null,"ack_latency_seconds":null,"duration_seconds":null,\
    "completeness":0.5,"memory_refs":{"requested":4,"resolved":2,"missing":["ms-9"]},"error":null,\
    "previous":"ho_2","context_retained":0.4,"depth":3,"loop":false,"age_seconds":7384.5
    """)

  static let all = [good, lossy, hostile, late].joined(separator: ", ")
  static let end = #""next_cursor":null,"as_of":"2026-11-21T03:10:00.000000Z"}"#

  static let events = """
    {"type":"handoff.initiated","event_id":"e1","occurred_at":"2026-11-21T03:05:00.000000Z","attempt":1,\
    "received_at":"2026-11-21T03:05:00.010000Z","instance":"host-1"},
    {"type":"handoff.attempt_failed","event_id":"e2","occurred_at":"2026-11-21T03:05:01.000000Z","attempt":1,\
    "error":{"type":"timeout","message":"no answer\\u0007"},"received_at":"2026-11-21T03:05:01.010000Z","instance":"host-1"},
    {"type":"handoff.acknowledged","event_id":"e3","received_at":"2026-11-21T03:05:02.010000Z","instance":"host-2"}
    """

  /// What the sidecar answers to a target; nil: nothing of that kind.
  static func answer(_ target: String) -> String? {
    switch target.prefix(while: { $0 != "?" }) {
    case "/v1/handoffs": #"{"handoffs":[\#(all)],\#(end)"#
    case "/v1/handoffs/ho_2":
      #"""
      {"handoff": \#(lossy), "events": [\#(events)], "events_cut": true,
       "lineage": {"parents": [\#(good)], "children": [\#(late)], "fallbacks": [], "envelopes": []}, "as_of": null}
      """#
    case "/v1/tasks/t%2F1":
      #"""
      {"task_id":"t/1","state":"initiated","owner":"tester","depth":3,"agents":["planner","coder","tester"],
       "context_retained":0.4,"first_loss":{"handoff_id":"ho_2","from_agent":"coder","to_agent":"tester",
       "completeness":0.8,"missing":["ms-1","ms-2"]},
       "loops":[{"from_agent":"planner","to_agent":"coder","times":2,"handoffs":["ho_1","ho_5"]}],
       "escalations":[],"constraints_lost":[{"handoff_id":"ho_4","from_agent":"tester","to_agent":"coder",
       "previous":"ho_2","lost":"section"}],"handoffs":[\#(all)],"events":[],"cut":false,"as_of":null}
      """#
    case "/v1/conversations/c-1":
      #"""
      {"conversation_id":"c-1","agents":["planner","coder"],"handoffs":[\#(good)],
       "turns":[{"type":"conversation.turn","occurred_at":"2026-11-21T02:59:00Z","agent":"planner","role":"user","length":70}],
       "cut":false,"as_of":null}
      """#
    case "/v1/agents": #"{"agents":[\#(agents)],"as_of":"2026-11-21T03:10:00.000000Z"}"#
    case "/v1/agents/coder": agents.components[0]
    case "/v1/active": #"{"handoffs":[\#(late)],"total":1,\#(end)"#
    case "/v1/dead-letters":
      #"""
      {"dead_letters":[{"handoff_id":"ho_9","task_id":"t-1","from_agent":"a","to_agent":"b","reason":"poison",
      "error_type":null,"attempts":3,"parked_at":"2026-11-20T03:00:00.000000Z","age_seconds":90000,"status":"pending",
      "resolved_by":null,"note":null}],\#(end)
      """#
    case "/v1/alerts":
      #"""
      {"alerts":[{"alert":"CircuitOpen","severity":"critical","state":"firing","labels":{"to_agent":"coder","a":"b"},
      "annotations":{"summary":"coder takes nothing"},"value":1,"threshold":0,"since":"2026-11-21T03:00:00.000000Z",
      "fingerprint":"f","inhibited_by":null}]}
      """#
    case "/v1/summary": summary
    default: nil
    }
  }

  static let agents = """
    {"agent":"coder","sent":12,"received":30,"failures":2,"active":3,"overdue":1,"success_rate":0.9375,\
    "total_seconds":4000.5,"in_a_row":2,"circuit":"open","circuit_since":"2026-11-21T03:00:00.000000Z",\
    "health":"degraded","health_at":"2026-11-21T02:00:00.000000Z","health_issues":["cpu","queue"],\
    "last_seen_at":"2026-11-21T03:09:00.000000Z"},
    {"agent":"a-very-long-name-of-an-agent-that-nobody-would-type-by-hand","sent":0,"received":0,"failures":0,\
    "active":0,"overdue":0,"success_rate":null,"total_seconds":0,"in_a_row":0,"circuit":"closed","circuit_since":null,\
    "health":"unknown","health_at":null,"health_issues":[],"last_seen_at":null}
    """

  static let summary = """
    {"window":"1h","scope":"fleet","handoffs":{"total":40,"delivered":36,"exhausted":2,"completed":30,\
    "success_rate":0.947,"failure_ratio":0.0526},"ack_latency_seconds":{"count":36,"total":36,"average":1,\
    "min":0.01,"max":12.5,"p50":0.5,"p95":4,"p99":12.4},"duration_seconds":{"count":30,"total":9000,"average":300,\
    "min":1,"max":4000,"p50":200,"p95":900,"p99":3999.9},"completeness":0.985,"token_utilization":0.71,\
    "hops":{"mean":2.5,"max":7},"validation_errors":1,"agents":{"coder":{"total":40,"delivered":36,"exhausted":2,\
    "completed":30,"success_rate":0.947,"failure_ratio":0.0526,"completeness":0.985,\
    "ack_latency_seconds":{"count":36,"total":36,"average":1,"min":0.01,"max":12.5,"p50":0.5,"p95":4,"p99":12.4}}},\
    "kinds":{"warm":{"total":40,"delivered":36,"exhausted":2,"completed":30,"success_rate":0.947,"failure_ratio":0.0526,\
    "completeness":0.985,"token_utilization":0.71,"average_ack_latency_seconds":1}},\
    "strategies":{"lazy_loading":{"total":9,"delivered":9,"exhausted":0,"completed":9,"success_rate":1,\
    "failure_ratio":0,"completeness":null,"token_utilization":null,"average_ack_latency_seconds":null}},\
    "as_of":"2026-11-21T03:10:00.000000Z"}
    """
}

extension String {
  /// The objects of a list that stand on lines of their own.
  fileprivate var components: [String] { split(separator: ",\n").map(String.init) }
}

/// Messages as agents of each shape send them.
enum Messages {
  static let package = #"""
    {"handoffId": "ho_1795230000000_ab12", "sourceAgent": {"id": "researcher", "name": "R"}, "targetAgent": "coder",
     "timestamp": 1795230000000, "taskId": "t-1",
     "state": {"version": "1.0", "timestamp": 1795230000000, "type": "json",
      "checksum": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
      "data": {"a": 1}},
     "context": {"sessionId": "s-1", "originalAgent": "planner", "handoffChain": ["planner", "researcher", "coder"],
      "executionContext": {"priorityLevel": "high", "userId": "u-7", "retryCount": 0},
      "deadlines": [{"time": "2026-11-21T05:00:00Z", "remaining": 1}, {"time": "2026-11-21T04:00:00Z", "remaining": 9}],
      "executionEnvironment": {"nodeVersion": "v22"}, "constraints": ["no network"]}}
    """#

  static let record = #"""
    {"id": "ho_2", "source": "researcher", "target": "coder", "startTime": 1795230000000, "endTime": 1795230002500,
     "status": "COMPLETED"}
    """#

  static let envelope = #"""
    {"envelope_version": "2", "handoff_id": "env-1", "task_id": "t-1", "created_at": "2026-11-21T03:00:00Z",
     "target_agent": "writer", "task_summary": "summarise", "token_count": 3247, "max_tokens": 4000,
     "memory_refs": ["ms-1", "ms-2", "ms-3", "ms-4"], "missing_refs": ["ms-4"], "hop_count": 2,
     "execution_history": [{"agent": "researcher", "action": "search", "memory_id": "ms-1"}],
     "constraints": {"do_not": ["publish"]}, "expected_outputs": ["summary.md"], "strategy": "Priority Trimming"}
    """#

  static let context = #"""
    {"handoff_id": "h-1", "task_id": "t-1", "source_agent": "router", "target_agent": "billing",
     "original_task": "refund", "current_state": {}, "conversation_summary": "angry", "key_facts": ["paid twice"],
     "decisions_made": [], "collected_data": {"order": 7}, "confidence": 0.8, "reason": "HandoffReason.SPECIALIZATION",
     "handoff_type": "warm", "created_at": "2026-11-21T03:00:00.123456", "expires_at": "2026-11-21T04:00:00"}
    """#

  static let coordination = #"""
    {"coordination_id": "handoff_t-1_1795230000.5", "task_id": "t-1", "from_agent": "planner", "to_agent": "builder",
     "status": "completed", "reason": "planned", "started_at": 1795230000.5,
     "steps": [{"step": "state_transfer", "status": "completed", "timestamp": 1795230001},
      {"step": "task_transfer", "status": "completed", "timestamp": 1795230002},
      {"step": "hand_off", "status": "completed", "timestamp": 1795230003}]}
    """#

  static let message = #"""
    {"task_id": "t-1", "from_agent": "coder", "to_agent": "reviewer", "action": "completed",
     "payload": {"files": ["api.ts"]}, "context": {"decision_log": ["REST"], "constraints": ["no breaking change"]},
     "metadata": {"timestamp": "2026-11-21T03:00:00Z", "token_usage": {"used": 900, "budget": 2000}, "confidence": 0.9,
      "attempt": 1, "hop": 1}}
    """#
}

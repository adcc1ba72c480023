import Platform
import Postgres

/// What the drain tells.
extension DrainLane {
  func reportGap(_ batch: Batch) {
    if batch.firstFound <= batch.start { return }
    log(
      .error, "records of the spool are gone before they were stored; the drain goes on behind them",
      ["first": .count(batch.start), "last": .count(batch.firstFound &- 1)])
  }

  func report(_ result: BatchResult) {
    if result.quarantined > 0 {
      log(
        .error, "events could not be stored as they are; they were set aside in handoffd.quarantine",
        ["events": .count(result.quarantined)])
    }
    if result.conflicts > 0 {
      log(
        .warning, "acknowledged events have the identity of others; they are kept as rejections",
        ["events": .count(result.conflicts)])
    }
  }

  /// Gives up the connection, and lets the machine decide how to go on.
  func fail(_ failure: DrainFailure) {
    session?.connection.close()
    session = nil
    let jitter = Double.random(in: 0...1, using: &random)
    var isUnique = false
    if case .postgres(_, let error) = failure { isUnique = error.sqlState == .uniqueViolation }
    let now = time.now()
    machine.note(
      .failed(failure.faultClass, isFinal: failure.isFinal, isUnique: isUnique, wantsLess: failure.wantsLess),
      now, jitter: jitter)
    let isQuiet = [.collision, .poison].contains(failure.faultClass) || isUnique
    control.withLock { control in
      control.status.errors[failure.operation, default: 0] &+= 1
      control.status.isHalted = failure.isFinal
      if !isQuiet {
        control.status.isUp = failure.faultClass == .configuration && failure.operation != .connect
        control.status.fault = failure.text
      }
    }
    log(
      isQuiet ? .info : .warning, "the drain stopped; events stay in the spool, and it is tried again",
      [
        "doing": .text(failure.operation.rawValue), "class": .text(failure.faultClass.rawValue),
        "reason": .text(failure.text),
      ])
  }
}

import Platform
import Spool
import Store

/// A spool that gives little at a time, so that a story takes many batches.
struct SmallBatches: RecordSource {
  let source: ArraySource
  let bytes: Int

  init(_ source: ArraySource, bytes: Int = 2_048) {
    self.source = source
    self.bytes = bytes
  }

  var identity: SpoolID { source.identity }
  var first: UInt64 { source.first }
  var tail: UInt64 { source.tail }

  func read(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> [SpoolRecord] {
    source.read(from: sequence, maxBytes: min(maxBytes, bytes), waitUntil: deadline)
  }

  func renew() { source.renew() }
  func release(below sequence: UInt64) { source.release(below: sequence) }
}

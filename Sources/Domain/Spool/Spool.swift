import Hashing
// The spool: what was acknowledged and is not yet in the database, on this machine's disk.
//
// An append-only log of segments (`Format`), whose only truth besides the segments is the position in
// the database: no ledger, no checkpoint, nothing that could disagree. Appends gather in memory; the
// commit lane writes a group with one write and one fdatasync and then answers all of it. The upkeep
// lane makes segments ahead of need and removes drained ones. All decisions are in `Machine`, all
// recovery is in `Opening`, and the lanes only carry out.
//
// What holds, whatever the disk does, and is shown by the model test:
//   - what was acknowledged can be read, except bytes that were damaged or deleted later; those are counted;
//   - sequences only grow, and one sequence means one record for ever;
//   - no record with a wrong checksum is given out;
//   - opening never fails because of damage;
//   - no file is removed that has a record at or above the released position.
public import Platform

/// A durable queue of records between those who append and the one who drains.
public final class Spool: Sendable {
  private let core: SpoolCore
  private let lanes: Guarded<[Lane]>
  private let lock: Guarded<(any Sendable)?>

  private init(core: SpoolCore, lanes: [Lane], lock: any Sendable) {
    self.core = core
    self.lanes = Guarded(lanes)
    self.lock = Guarded(lock)
  }

  deinit {
    close()
  }

  /// Locks the directory, reads what is there, repairs what can be, and starts the lanes.
  ///
  /// Damage is no reason to fail: it is counted in the status and told in the log.
  public static func open(
    directory: String, disk: any Disk = RealDisk(), limits: SpoolLimits = SpoolLimits(),
    time: any TimeSource = SystemTime(), log: Log, entropy: @escaping @Sendable () -> UInt64 = Entropy.system
  ) throws(SpoolError) -> Spool {
    var corrections = try disk.secure(directory)
    let lock = try disk.lock(directory)
    let quarantine = Quarantine.directory(of: directory)
    // One that cannot be made private is told of when something is to be kept there.
    if disk.exists(quarantine) { corrections += (try? disk.secure(quarantine)) ?? [] }
    for correction in corrections {
      log(.warning, "the spool was open to others; now it is not", ["change": .text(correction)])
    }
    let core = try SpoolCore.open(directory, disk, limits, time, log, entropy)
    do throws(SystemError) {
      let commit = try Lane(name: "spool-commit") {
        var committer = Committer(core: core)
        committer.run()
      }
      do throws(SystemError) {
        let upkeep = try Lane(name: "spool-upkeep") { Upkeeper(core: core).run() }
        return Spool(core: core, lanes: [commit, upkeep], lock: lock)
      } catch {
        core.close()
        commit.join()
        throw error
      }
    } catch {
      throw .unusable(directory, error)
    }
  }

  /// Who this spool is; the position in the database belongs to it.
  public var identity: SpoolID { core.gate.withLock { $0.identity } }

  /// Takes a record, to be acknowledged when it is durable.
  ///
  /// Never blocks.
  ///
  /// The completion is called once: on the commit lane when the record is durable, with its sequence, or
  /// when it could not be written; at once, on the caller's thread, when it is refused.
  public func append(
    kind: UInt8, payload: [UInt8], events: Int,
    completion: @escaping @Sendable (Result<UInt64, SpoolRefusal>) -> Void
  ) {
    core.append(
      Pending(
        kind: kind, payload: payload, hash: Hash.hash64(payload), events: events, received: core.time.wall(),
        completion: completion))
  }

  /// Durable records from `sequence` on, at most about `maxBytes` but at least one.
  ///
  /// Waits until `deadline` for one to come. Empty when none came, or the spool was closed. Sequences
  /// that cannot be read are stepped over, and reported in the status.
  public func read(
    from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant
  ) -> [SpoolRecord] {
    core.read(from: sequence, maxBytes: maxBytes, until: deadline)
  }

  /// Gives every record that can be read now to `body`, drained ones that are still kept included.
  ///
  /// To be used after opening, to learn again what was seen lately. Stops when `body` returns false.
  public func forEachKept(_ body: (SpoolRecord) -> Bool) {
    let status = status()
    var next = status.firstSequence
    while next < status.nextSequence {
      let records = core.read(from: next, maxBytes: 1 << 20, until: .distantPast)
      guard let last = records.last else { return }
      for record in records where record.sequence < status.nextSequence && !body(record) { return }
      next = last.sequence + 1
    }
  }

  /// Everything below `sequence` is committed in the database: segments may go.
  public func release(below sequence: UInt64) {
    core.release(below: sequence)
  }

  /// How the spool is now.
  public func status() -> SpoolStatus {
    core.gate.withLock { $0.status }
  }

  /// Gives the spool a new identity, under which it is drained from its first record.
  ///
  /// For a spool that went back in time (its directory was restored or copied), whose sequences the
  /// database has seen with other content. Records and sequences stay as they are.
  @discardableResult
  public func renewIdentity(entropy: @Sendable () -> UInt64 = Entropy.system) -> SpoolID {
    let identity = SpoolID(high: entropy(), low: entropy())
    core.renew(identity)
    return identity
  }

  /// Takes nothing more, finishes what was taken, and gives the directory free.
  public func close() {
    core.close()
    let lanes = lanes.withLock { $0 }
    for lane in lanes { lane.join() }
    lock.withLock { $0 = nil }
  }
}

// Brings one batch to the sidecar: tries again while that may help, and no longer than asked. The waits double from 250 ms
// to 10 s, a little apart from each other so that many senders do not come back at once; the sidecar's own Retry-After
// wins. A batch that is too large is sent in two halves. Events keep their identity, so a batch whose answer was lost is
// sent again and counted as duplicates.
import Compression
import Configuration
import Dialects
import HTTPClient
import Platform

/// How a batch ended.
enum Delivered: Equatable {
  /// The sidecar looked at every event.
  case taken(accepted: Int, duplicates: Int, refused: [Refused])
  /// It did not get through; nothing more should be sent.
  case failed(reason: String)
}

/// Sends batches, one after the other.
struct Delivery {
  /// One exchange with the sidecar.
  typealias Exchange = (HTTPRequest) throws(HTTPClientError) -> HTTPAnswer

  let settings: SendSettings
  let exchange: Exchange
  let time: any TimeSource
  /// Lets time pass.
  let wait: (Duration) -> Void
  /// Told before each wait.
  let notice: (_ reason: String, _ wait: Duration) -> Void
  var jitter: SplitMix64

  /// Sends a batch until it is taken or there is no hope.
  mutating func deliver(_ batch: Batch) -> Delivered {
    let start = time.now()
    var attempt = 0
    while true {
      switch attemptOnce(batch) {
      case .taken(let accepted, let duplicates, let refused):
        return .taken(accepted: accepted, duplicates: duplicates, refused: refused)
      case .never(let reason): return .failed(reason: reason)
      case .tooLarge(let reason): return split(batch, reason)
      case .later(let reason, let after):
        let left = settings.giveUpAfter - (time.now() - start)
        guard left > .zero else { return .failed(reason: reason) }
        let pause = min(left, after.map { min($0, .seconds(60)) } ?? backoff(attempt))
        attempt += 1
        notice(reason, pause)
        wait(pause)
      }
    }
  }

  private func attemptOnce(_ batch: Batch) -> Verdict {
    let query = settings.dialect.map { "?dialect=\($0.rawValue)" } ?? ""
    var request = HTTPRequest("POST", "\(settings.url)/v1/events\(query)")
    request.headers = [("Content-Type", "application/x-ndjson")]
    request.body = batch.body
    if settings.gzip, let packed = Gzip.pack(batch.body) {
      request.headers.append(("Content-Encoding", "gzip"))
      request.body = packed
    }
    request.timeout = settings.timeout
    // A refusal for every event takes at most a few hundred bytes.
    request.largestAnswer = 64 << 10 + batch.lines.count << 12
    do throws(HTTPClientError) {
      return Verdict(try exchange(request), to: batch)
    } catch {
      return error.mayPass ? .later(reason: error.cause, after: nil) : .never(reason: error.cause)
    }
  }

  private mutating func split(_ batch: Batch, _ reason: String) -> Delivered {
    guard let (first, second) = batch.halves else {
      let refused = batch.lines.map { Refused(line: $0, code: "too_large", pointer: "", message: reason) }
      return .taken(accepted: 0, duplicates: 0, refused: refused)
    }
    let one = deliver(first)
    guard case .taken(let accepted, let duplicates, let refused) = one else { return one }
    let other = deliver(second)
    guard case .taken(let more, let known, let others) = other else { return other }
    return .taken(accepted: accepted + more, duplicates: duplicates + known, refused: refused + others)
  }

  private mutating func backoff(_ attempt: Int) -> Duration {
    let whole = min(10_000, 250 << min(attempt, 8))
    return .milliseconds(Int.random(in: whole / 2...whole, using: &jitter))
  }
}

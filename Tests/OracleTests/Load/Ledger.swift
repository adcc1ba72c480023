// What the producers know: every event, and how far it has come. An event is in one place at a time:
//
//   fresh ─► in a request ─► acknowledged ─► (some) to be sent again
//     ▲           │
//     └─ retries ◄┘ no 200: again, with the same words, alone or among others
//
// Acknowledged is what got a 200 and nothing else. One request in fifty that got none is never tried again, as
// when a client dies: its events may be stored, or not.
import Platform
import TestSupport

/// The producers' book about events.
final class Ledger: Sendable {
  /// What happened to the requests.
  struct Counts: Sendable {
    /// Requests sent.
    var requests = 0
    /// Of those, answered 200.
    var acknowledged = 0
    /// Answered 429 or 503.
    var refused = 0
    /// Never answered.
    var lost = 0
    /// Connections that could not be made.
    var unreachable = 0
    /// Events sent again because they had got no 200.
    var retried = 0
    /// Of those, to another sidecar than the one that failed.
    var moved = 0
    /// Events sent again although they had got a 200.
    var repeated = 0
    /// Events that a sidecar said it knew already.
    var knownAlready = 0
    /// Events never tried again.
    var abandoned = 0
  }

  /// What one request is to carry.
  struct Order: Sendable {
    var numbers: [Int]
    var texts: [String]
    var sidecar: Int
  }

  fileprivate struct Retry: Sendable {
    var number: Int
    var failedAt: Int
  }

  fileprivate struct Book: Sendable {
    var storyteller: Storyteller
    var random: SeededRandom
    var events: [SentEvent] = []
    var fresh: [Int] = []
    var retries: [Retry] = []
    var repeats: [Int] = []
    var acknowledged: Set<Int> = []
    var inRequests = 0
    var isClosing = false
    var counts = Counts()
    var surprises: [String] = []
  }

  /// How many events wait to be taken at random from, so that a handoff is spread over many requests.
  private static let window = 400
  private let sidecars: Int
  private let book: Gate<Book>

  init(_ seed: UInt64, sidecars: Int, start: Int) {
    self.sidecars = sidecars
    book = Gate(
      Book(
        storyteller: Storyteller(SeededRandom(seed: seed &+ 1), start: start),
        random: SeededRandom(seed: seed &+ 2)))
  }

  /// Everything ever sent.
  var events: [SentEvent] { book.withLock { $0.events } }
  /// Those of one request.
  func events(of order: Order) -> [SentEvent] {
    book.withLock { book in order.numbers.map { book.events[$0] } }
  }
  /// The numbers of those that got a 200.
  var acknowledged: Set<Int> { book.withLock { $0.acknowledged } }
  var counts: Counts { book.withLock { $0.counts } }
  /// Answers that should not have come.
  var surprises: [String] { book.withLock { $0.surprises } }

  /// What to send next; nil when there is nothing more.
  func next() -> Order? {
    book.withLock { book -> Order? in
      if book.isClosing, book.fresh.isEmpty, book.retries.isEmpty { return nil }
      while book.fresh.count < Self.window, !book.isClosing { book.tell(book.storyteller.story()) }
      let size = Int.random(in: 1...12, using: &book.random)
      let sidecar = Int.random(in: 0..<sidecars, using: &book.random)
      var numbers: [Int] = []
      if book.random.once(in: 2) || book.fresh.isEmpty { numbers += book.takeRetries(size, to: sidecar) }
      numbers += book.takeFresh(size - numbers.count)
      if book.random.once(in: 3) { numbers += book.takeRepeats(3) }
      numbers.shuffle(using: &book.random)
      book.inRequests += 1
      book.counts.requests += 1
      return Order(numbers: numbers, texts: numbers.map { book.events[$0].text }, sidecar: sidecar)
    }
  }

  /// Events of which each is as large as told, for one sidecar.
  func large(_ count: Int, bytes: Int, to sidecar: Int) -> Order {
    book.withLock { book in
      let first = book.events.count
      for _ in 0..<count { book.events.append(book.storyteller.large(bytes: bytes)) }
      book.inRequests += 1
      book.counts.requests += 1
      let numbers = Array(first..<book.events.count)
      return Order(numbers: numbers, texts: numbers.map { book.events[$0].text }, sidecar: sidecar)
    }
  }

  /// Takes note of what became of a request.
  func settle(_ order: Order, _ outcome: Delivery) {
    book.withLock { book in
      book.inRequests -= 1
      switch outcome {
      case .acknowledged(let known): book.acknowledge(order, known)
      case .refused: book.counts.refused += 1
      case .lost: book.counts.lost += 1
      case .unreachable: book.counts.unreachable += 1
      case .surprise(let text): book.surprises.append(text)
      }
      if case .acknowledged = outcome { return }
      book.takeBack(order, maybeGiveUp: outcome == .lost)
    }
    book.broadcast()
  }

  /// No new events from now on; what has no 200 is still tried.
  func close() {
    book.withLock { $0.isClosing = true }
  }

  /// Waits until everything has its 200, but for what is abandoned.
  func waitUntilSettled(within limit: Duration) -> Bool {
    book.wait(until: SystemTime().now() + limit * Sanitizer.slowness) { book in
      book.isClosing && book.fresh.isEmpty && book.retries.isEmpty && book.inRequests == 0 ? true : nil
    } ?? false
  }
}

extension Ledger.Book {
  fileprivate mutating func tell(_ story: [SentEvent]) {
    for event in story {
      fresh.append(events.count)
      events.append(event)
    }
  }

  fileprivate mutating func takeFresh(_ count: Int) -> [Int] {
    (0..<max(0, min(count, fresh.count))).map { _ in
      let index = Int.random(in: 0..<fresh.count, using: &random)
      fresh.swapAt(index, fresh.count - 1)
      return fresh.removeLast()
    }
  }

  fileprivate mutating func takeRetries(_ count: Int, to sidecar: Int) -> [Int] {
    retries.shuffle(using: &random)
    let taken = retries.suffix(count)
    retries.removeLast(taken.count)
    counts.retried += taken.count
    counts.moved += taken.count { $0.failedAt != sidecar }
    return taken.map(\.number)
  }

  /// Events that have their 200, now and then the same one twice in a request.
  fileprivate mutating func takeRepeats(_ count: Int) -> [Int] {
    repeats.shuffle(using: &random)
    let taken = Array(repeats.suffix(count))
    repeats.removeLast(taken.count)
    let all = taken + (random.once(in: 2) ? taken.prefix(1) : [])
    counts.repeated += all.count
    return all
  }

  fileprivate mutating func acknowledge(_ order: Ledger.Order, _ known: Int) {
    counts.acknowledged += 1
    counts.knownAlready += known
    for number in order.numbers where acknowledged.insert(number).inserted {
      if events[number].mayRepeat, random.once(in: 2) { repeats.append(number) }
    }
  }

  fileprivate mutating func takeBack(_ order: Ledger.Order, maybeGiveUp: Bool) {
    let left = Set(order.numbers).subtracting(acknowledged)
    if maybeGiveUp, random.once(in: 50) {
      counts.abandoned += left.count
    } else {
      retries += left.sorted().map { .init(number: $0, failedAt: order.sidecar) }
    }
  }
}

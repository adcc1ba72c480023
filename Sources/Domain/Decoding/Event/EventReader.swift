// Reading an event: one pass over its tokens that checks, hashes, finds facts and notes what must be
// redacted, all at once.
//
// Whatever is wrong with the event stops the pass with an `Interruption`; the caller decides what is
// skipped and what is refused. The event's text is only ever read: changes are collected as edits,
// and a changed event is read once more from its new text, so that facts and hash are always those
// of the text that is stored.
import Hashing
import Model

/// Reads events off indexed text; its scratch arrays serve many events.
struct EventReader {
  let settings: DecodingSettings
  let retention: Int64
  let mostAhead: Int64
  let lateAfter: Int64
  let table = FieldTable()
  let scanner = SecretScanner()
  var tokens = TokenReader()
  var skipper = GrammarSkipper()
  var keys = KeyLedger()
  var draft = EventDraft()
  /// The facts found, for the event's frame.
  var frame = FrameWriter()
  var edits = EditList()
  var droppedKeys = 0
  /// Members of the event that it is not known to have.
  var strangers: [MemberPlace] = []
  /// Whether these are still to be moved to `attributes`.
  var movesStrangers = true
  /// The values of the members that hold what was said in a turn.
  var turnTexts: [Range<Int>] = []

  init(settings: DecodingSettings) {
    self.settings = settings
    retention = settings.retention.microseconds
    mostAhead = settings.mostAhead.microseconds
    lateAfter = settings.lateAfter.microseconds
  }

  /// Reads the event at token `at` and moves behind it; the outcome is in `draft`, `frame` and `edits`.
  mutating func read(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, deepest: Int
  ) throws(Interruption) {
    reset()
    draft.firstToken = at
    draft.start = Int(index[at])
    let byte = try tokens.peek(text, index, at)
    guard byte == Byte.openBrace else {
      try skipper.skip(&tokens, text, index, &at, deepest: deepest)
      throw .event(EventFault(.invalidJSON, .event, .notAnObject(Kind(byte))))
    }
    draft.content = try object(.event, text, index, &at, deepest)
    draft.end = Int(index[at - 1]) + 1
    let size = draft.end - draft.start
    guard size <= settings.largestEvent else {
      throw .event(EventFault(.tooLarge, .event, .tooLarge(size, most: settings.largestEvent)))
    }
  }

  private mutating func reset() {
    draft = EventDraft()
    keys.removeAll()
    frame.reset()
    if !edits.isEmpty { edits.removeAll() }
    droppedKeys = 0
    if !strangers.isEmpty { strangers.removeAll(keepingCapacity: true) }
    if !turnTexts.isEmpty { turnTexts.removeAll(keepingCapacity: true) }
  }

  /// Reads the object at a token; `room` is how deep it may nest, itself counted.
  mutating func object(
    _ shape: Shape, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ room: Int
  ) throws(Interruption) -> Hash128 {
    guard room > 0 else { throw tooDeep(at) }
    var members = ObjectReading(page: keys.open(), shape: shape, room: room)
    at += 1
    if try tokens.peek(text, index, at) != Byte.closeBrace {
      while try member(of: &members, text, index, &at) { at += 1 }
    }
    at += 1
    if let repeated = keys.close(members.page) {
      throw .event(EventFault(.duplicateKey, .token(repeated), .duplicateKey))
    }
    return members.hash.hash
  }

  /// Reads one member, up to the comma or brace behind it; answers whether another follows.
  @inline(__always)
  private mutating func member(
    of object: inout ObjectReading, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int
  ) throws(Interruption) -> Bool {
    let token = at
    guard try tokens.peek(text, index, at) == Byte.quote else { throw .syntax(.key, at: Int(index[at])) }
    let name = try tokens.string(text, index, at)
    let place = object.shape == .any ? FieldTable.nowhere : try place(of: name, object.shape, text, at)
    let isKnown = place != FieldTable.nowhere
    let key = isKnown ? table.hash(at: place) : try tokens.hash(name, text, at)
    let isNew =
      isKnown
      ? object.note(field: table.number(at: place)) : keys.add(key.low, token: token, to: &object.page)
    guard isNew else { throw .event(EventFault(.duplicateKey, .token(token), .duplicateKey)) }
    at += 1
    guard try tokens.peek(text, index, at) == Byte.colon else { throw .syntax(.colon, at: Int(index[at])) }
    at += 1
    if isKnown {
      let use = table.use(at: place)
      let value =
        use.isOfTurn
        ? try ofTurn(use, key, token, &object, text, index, &at)
        : try known(use, text, index, &at, object.room)
      if use.role != .eventID { object.hash.add(key, value) }
      object.keep(asKnown: !use.isOfTurn)
    } else {
      try unknown(key, name, token, of: &object, text, index, &at)
    }
    let separator = try tokens.peek(text, index, at)
    guard separator == Byte.comma || separator == Byte.closeBrace else {
      throw .syntax(.memberEnd, at: Int(index[at]))
    }
    return separator == Byte.comma
  }

  /// Where the table has a name.
  @inline(__always)
  mutating func place(
    of name: StringToken, _ shape: Shape, _ text: Span<UInt8>, _ at: Int
  ) throws(Interruption) -> Int {
    guard name.isEscaped else { return table.place(of: text, name.start, name.end, shape) }
    try tokens.unescape(name, text, at)
    return table.place(of: tokens.unescaped.span, 0, tokens.unescaped.count, shape)
  }

  /// Reads the value of a member that means nothing here: it is kept, moved or dropped.
  private mutating func unknown(
    _ key: Hash128, _ name: StringToken, _ token: Int, of object: inout ObjectReading, _ text: Span<UInt8>,
    _ index: Span<UInt32>, _ at: inout Int
  ) throws(Interruption) {
    let isEscaped = name.isEscaped
    let first = isEscaped ? tokens.unescaped.first : name.start < name.end ? text[name.start] : nil
    let isDropped = first == UInt8(ascii: "_") || first == UInt8(ascii: "$")
    let isSecret =
      isEscaped ? SecretKey.matches(tokens.unescaped.span) : SecretKey.matches(text.extracting(name.range))
    let value = try value(text, index, &at, object.room - 1, isSecret: isSecret)
    if isDropped {
      edits.remove(cut(token, at, text, index, behindKept: object.hasKept))
      droppedKeys += 1
      return
    }
    if object.shape == .event { noteStranger(key, token, at, object, text, index, isOfTurn: false) }
    object.hash.add(key, value)
    object.keep(asKnown: false)
  }

  /// Reads a member that an event has if it is a turn of a conversation; else it is a stranger.
  private mutating func ofTurn(
    _ use: FieldUse, _ key: Hash128, _ token: Int, _ object: inout ObjectReading, _ text: Span<UInt8>,
    _ index: Span<UInt32>, _ at: inout Int
  ) throws(Interruption) -> Hash128 {
    let start = at
    let value: Hash128
    do throws(Interruption) {
      value = try known(use, text, index, &at, object.room)
    } catch {
      guard case .event(let fault) = error, [.invalidType, .outOfRange, .tooLong].contains(fault.code) else {
        throw error
      }
      draft.turnFault = draft.turnFault ?? fault
      at = start
      value = try self.value(text, index, &at, object.room - 1)
    }
    noteStranger(key, token, at, object, text, index, isOfTurn: true)
    return value
  }

  private mutating func noteStranger(
    _ key: Hash128, _ token: Int, _ at: Int, _ object: borrowing ObjectReading, _ text: Span<UInt8>,
    _ index: Span<UInt32>, isOfTurn: Bool
  ) {
    let cut = cut(token, at, text, index, behindKept: object.hasKeptKnown)
    let range = memberRange(token, at, text, index)
    strangers.append(MemberPlace(range: range, cut: cut, key: key, isOfTurn: isOfTurn))
  }

  /// What to take out of an object with a member, from its token `token` to before the token `at`.
  private func cut(
    _ token: Int, _ at: Int, _ text: Span<UInt8>, _ index: Span<UInt32>, behindKept: Bool
  ) -> Range<Int> {
    let end = Int(index[at])
    if behindKept { return Int(index[token - 1])..<end }
    let isLast = end >= text.count || text[end] != Byte.comma
    return Int(index[token])..<(isLast ? end : Int(index[at + 1]))
  }

  private func memberRange(
    _ token: Int, _ at: Int, _ text: Span<UInt8>, _ index: Span<UInt32>
  ) -> Range<Int> {
    var end = Int(index[at])
    while Byte.isWhite(text[end - 1]) { end -= 1 }
    return Int(index[token])..<end
  }

  func tooDeep(_ at: Int) -> Interruption {
    .event(EventFault(.tooDeep, .token(at), .tooDeep(settings.deepestNesting)))
  }
}

/// An object that is being read.
private struct ObjectReading {
  var page: KeyLedger.Page
  let shape: Shape
  let room: Int
  var hash = MembersHash()
  /// A bit for each known member that it has.
  private var fields: UInt64 = 0
  /// Whether a member before is kept in the object.
  var hasKept = false
  /// Whether a member before is kept, strangers in an event not counted.
  var hasKeptKnown = false

  init(page: KeyLedger.Page, shape: Shape, room: Int) {
    self.page = page
    self.shape = shape
    self.room = room
  }

  /// Notes a known member; false if the object has it already.
  @inline(__always)
  mutating func note(field number: UInt64) -> Bool {
    let bit: UInt64 = 1 << number
    defer { fields |= bit }
    return fields & bit == 0
  }

  @inline(__always)
  mutating func keep(asKnown: Bool) {
    hasKept = true
    hasKeptKnown = hasKeptKnown || asKnown
  }
}

/// Cuts bytes into lines, however they come; never holds more than the longest line and one piece.
struct LineSource {
  /// A line without its end, and its number from 1.
  struct Line: Equatable {
    var number: Int
    /// The bytes; nil for a line that is longer than allowed.
    var bytes: [UInt8]?
  }

  private let read: () throws(UnreadableInput) -> [UInt8]
  private let longest: Int
  private var piece: ArraySlice<UInt8> = []
  private var number = 0
  private var isAtEnd = false
  /// Bytes taken so far, line ends included.
  private(set) var consumed = 0

  /// Reads with `read` until it gives nothing.
  init(longest: Int, read: @escaping () throws(UnreadableInput) -> [UInt8]) {
    self.longest = longest
    self.read = read
  }

  /// The next line that holds more than white space; nil at the end.
  mutating func next() throws(UnreadableInput) -> Line? {
    while let line = try nextOfAny() {
      guard line.bytes?.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) == true else { return line }
    }
    return nil
  }

  private mutating func nextOfAny() throws(UnreadableInput) -> Line? {
    var line: [UInt8] = []
    var isTooLong = false
    while true {
      let part = piece.prefix { $0 != 0x0A }
      isTooLong = isTooLong || part.count > longest - line.count
      if isTooLong { line = [] } else { line += part }
      let hasEnd = part.endIndex < piece.endIndex
      consumed &+= part.count &+ (hasEnd ? 1 : 0)
      piece = piece.dropFirst(part.count + 1)
      if hasEnd { break }
      if try !refill() {
        guard !line.isEmpty || isTooLong else { return nil }
        break
      }
    }
    number &+= 1
    return Line(number: number, bytes: isTooLong ? nil : line)
  }

  private mutating func refill() throws(UnreadableInput) -> Bool {
    guard !isAtEnd else { return false }
    piece = try read()[...]
    isAtEnd = piece.isEmpty
    return !isAtEnd
  }
}

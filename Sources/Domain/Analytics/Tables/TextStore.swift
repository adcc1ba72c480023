/// Short texts in a few big arrays: keeping an id allocates nothing once these have grown.
///
/// A text lies in a cell of 32, 64, 128 or 256 bytes, the first of which is its length less one.
struct TextStore: Sendable {
  /// Where a text lies; `none` for an empty one.
  typealias Handle = UInt32
  static let none = Handle.max
  /// The most bytes that are kept of a text.
  static let longest = 256

  private struct Shelf {
    let size: Int
    var bytes: [UInt8] = []
    var free: [UInt32] = []
  }

  private var shelves = [32, 64, 128, 257].map { Shelf(size: $0) }

  /// Keeps a text.
  mutating func keep(_ text: ArraySlice<UInt8>) -> Handle {
    guard !text.isEmpty else { return Self.none }
    let text = text.prefix(Self.longest)
    let shelf = shelves.firstIndex { text.count < $0.size } ?? shelves.count - 1
    let cell = shelves[shelf].free.popLast() ?? addCell(to: shelf)
    let start = Int(cell) * shelves[shelf].size
    var bytes = shelves[shelf].bytes.mutableSpan
    bytes[start] = UInt8(truncatingIfNeeded: text.count - 1)
    var at = start + 1
    for byte in text {
      bytes[at] = byte
      at += 1
    }
    return Handle(truncatingIfNeeded: shelf) << 30 | cell
  }

  private mutating func addCell(to shelf: Int) -> UInt32 {
    let size = shelves[shelf].size
    let cell = shelves[shelf].bytes.count / size
    shelves[shelf].bytes.append(contentsOf: repeatElement(0, count: size))
    return UInt32(truncatingIfNeeded: cell)
  }

  /// The text of a handle.
  subscript(handle: Handle) -> ArraySlice<UInt8> {
    guard handle != Self.none else { return [] }
    let shelf = Int(handle >> 30)
    let start = Int(handle & 0x3fff_ffff) * shelves[shelf].size
    return shelves[shelf].bytes[(start + 1)...(start + 1 + Int(shelves[shelf].bytes[start]))]
  }

  /// Forgets a text; its cell is used again.
  mutating func forget(_ handle: Handle) {
    guard handle != Self.none else { return }
    shelves[Int(handle >> 30)].free.append(handle & 0x3fff_ffff)
  }
}

/// The proof that a head is, byte for byte, what the library made of it.
///
/// The library parses in place: it writes NULs over the separators and keeps pointers into the one buffer that the
/// head came in. So a head of well-formed lines has each line exactly where the one before it ended. A folded line
/// (which the library glues to the *name* of the field before it), a NUL inside a value (which ends it early), a bare
/// line feed or a run of spaces in the request line all leave a hole, and the hole is seen here by arithmetic on
/// addresses alone; nothing is read through them.
struct HeadLayout {
  private var expected: UInt
  private(set) var isIntact: Bool

  /// Begins with the request line: `METHOD SP target SP version CRLF`.
  init(method: UInt, methodCount: Int, target: UInt, targetCount: Int, version: UInt, versionCount: Int) {
    isIntact =
      target == method &+ UInt(methodCount) &+ 1 && version == target &+ UInt(targetCount) &+ 1
    expected = version &+ UInt(versionCount) &+ 2
  }

  /// The next line: `name ":" blanks value CRLF`.
  mutating func line(name: UInt, nameCount: Int, value: UInt, valueCount: Int) {
    if name != expected || value <= name &+ UInt(nameCount) { isIntact = false }
    expected = value &+ UInt(valueCount) &+ 2
  }

  /// The empty line, after which the head of `size` bytes that began at `method` must be over.
  mutating func end(method: UInt, size: Int) {
    if expected &+ 2 != method &+ UInt(size) { isIntact = false }
  }
}

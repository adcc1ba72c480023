/// What would be right, in the few words that are needed to say so later.
enum Advice {
  case expected(Expected, Kind)
  case notAnObject(Kind)
  case tooLong(Int, most: Int)
  case tooLarge(Int, most: Int)
  case tooDeep(Int)
  case empty
  case notInRange(most: Int64)
  case numberTooLarge
  case controlCharacter
  case nul
  case brokenUTF8
  case loneSurrogate
  case secretIdentity
  case notATime
  /// The characters of the type that was sent.
  case unknownType(Int, Int)
  case unsupportedVersion
  case duplicateKey
  case tooManyReceivers(Int)
  case moreResolvedThanRequested(Int64, Int64)
  case missing(StaticString)
  case tooOld(Duration)
  case inFuture(Duration)
  case receiverTooLong(most: Int)
  case broadcastTooLarge(most: Int)
}

/// What belongs in a place.
enum Expected: String {
  case text = "a string"
  case textOrNumber = "a string or a number"
  case number = "a number"
  case whole = "a whole number"
  case boolean = "true or false"
  case time = "a time (RFC 3339, or seconds since 1970)"
  case object = "an object"
  case list = "a list"
  case listOfTexts = "a list of strings"
}

/// The kinds of JSON values, told by their first byte.
enum Kind: String {
  case text = "a string"
  case number = "a number"
  case object = "an object"
  case list = "a list"
  case boolean = "a boolean"
  case null = "null"
  case nothing = "nothing JSON knows"

  init(_ byte: UInt8) {
    switch byte {
    case Byte.quote: self = .text
    case Byte.minus, Byte.zero...Byte.nine: self = .number
    case Byte.openBrace: self = .object
    case Byte.openBracket: self = .list
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean
    case UInt8(ascii: "n"): self = .null
    default: self = .nothing
    }
  }
}

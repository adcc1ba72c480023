/// A place in a text; both numbers count from 1, columns in characters.
public struct YAMLMark: Hashable, Sendable, CustomStringConvertible {
  /// The line.
  public let line: Int
  /// The column.
  public let column: Int

  /// Makes a place from its line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The first character of the text.
  public static let start = YAMLMark(line: 1, column: 1)

  /// `line:column`.
  public var description: String { "\(line):\(column)" }
}

/// A value of a document and the place where it begins.
public struct YAMLNode: Sendable {
  /// What the value is.
  public let content: Content
  /// Where it begins.
  public let mark: YAMLMark

  /// The three shapes a value can have.
  public enum Content: Sendable {
    /// Text; numbers and truth values are text until someone asks.
    case scalar(YAMLScalar)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values in the order of the text; no key comes twice.
    case mapping([YAMLEntry])
  }

  /// The scalar, if the value is one.
  public var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The elements, if the value is a list.
  public var sequence: [YAMLNode]? {
    if case .sequence(let nodes) = content { nodes } else { nil }
  }

  /// The entries, if the value is a mapping.
  public var mapping: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }
}

/// One key of a mapping and its value.
public struct YAMLEntry: Sendable {
  /// The key.
  public let key: String
  /// Where the key begins.
  public let mark: YAMLMark
  /// The value.
  public let value: YAMLNode
}

/// Text of a document, and whether it was written in quotes.
public struct YAMLScalar: Equatable, Sendable {
  /// The text, escapes resolved.
  public let text: String
  /// Whether it was quoted or a block; quoted text is never a number, a truth value or null.
  public let isQuoted: Bool

  /// Whether this stands for "nothing": an empty plain value, `~` or `null`.
  public var isNull: Bool { !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text) }

  /// The truth value of YAML 1.2, if it is one; `yes` and `on` are text.
  public var boolean: Bool? {
    guard !isQuoted else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }
}

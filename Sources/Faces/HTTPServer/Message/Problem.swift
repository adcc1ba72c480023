import Bytes

/// An error as clients see it: problem details of RFC 9457.
public struct Problem: Hashable, Sendable {
  /// One fault among several, with its place.
  public struct Item: Hashable, Sendable {
    /// Which of the things sent, from 0.
    public var index: Int?
    /// Where in it, as a JSON pointer.
    public var pointer: String?
    /// A word of a closed list.
    public var code: String
    /// What is wrong and what would be right.
    public var message: String

    /// A fault at that place.
    public init(index: Int? = nil, pointer: String? = nil, code: String, message: String) {
      self.index = index
      self.pointer = pointer
      self.code = code
      self.message = message
    }
  }

  /// What kind of problem it is, as a URI.
  public var type: String
  /// The status, also in the status line.
  public var status: Int
  /// The kind in words.
  public var title: String
  /// This one in words.
  public var detail: String
  /// The faults found, where they are known one by one.
  public var errors: [Item]
  /// Seconds after which to try again.
  public var retryAfter: Int?

  /// A problem of that status; its title is the status's own unless another is given.
  public init(
    status: Int, detail: String, errors: [Item] = [], type: String = "about:blank", title: String? = nil,
    retryAfter: Int? = nil
  ) {
    self.type = type
    self.status = status
    self.title = title ?? StatusPhrase.of(status)
    self.detail = detail
    self.errors = errors
    self.retryAfter = retryAfter
  }

  /// The JSON text of it.
  public func rendered() -> [UInt8] {
    var json = JSONWriter(capacity: 128 + errors.count * 200)
    json.object {
      $0.member("type", type)
      $0.member("title", title)
      $0.member("status", status)
      $0.member("detail", detail)
      if !errors.isEmpty {
        $0.key("errors")
        $0.array(errors) { $0.item($1) }
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}

extension JSONWriter {
  /// A fault, without what is not known of its place.
  fileprivate mutating func item(_ item: Problem.Item) {
    object {
      if let index = item.index { $0.member("index", index) }
      if let pointer = item.pointer { $0.member("pointer", pointer) }
      $0.member("code", item.code)
      $0.member("message", item.message)
    }
  }
}

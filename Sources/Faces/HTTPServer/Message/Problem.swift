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
    var json = JSONText()
    json.raw("{\"type\":")
    json.string(type)
    json.raw(",\"title\":")
    json.string(title)
    json.raw(",\"status\":\(status),\"detail\":")
    json.string(detail)
    if !errors.isEmpty { render(errors, into: &json) }
    json.raw("}\n")
    return json.bytes
  }

  private func render(_ errors: [Item], into json: inout JSONText) {
    json.raw(",\"errors\":[")
    for (position, item) in errors.enumerated() {
      json.raw(position == 0 ? "{" : ",{")
      if let index = item.index { json.raw("\"index\":\(index),") }
      if let pointer = item.pointer {
        json.raw("\"pointer\":")
        json.string(pointer)
        json.raw(",")
      }
      json.raw("\"code\":")
      json.string(item.code)
      json.raw(",\"message\":")
      json.string(item.message)
      json.raw("}")
    }
    json.raw("]")
  }
}

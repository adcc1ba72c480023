import Platform

/// Reads answers off a connection, one after the other.
struct AnswerReader {
  private let socket: Socket
  private var buffer: [UInt8] = []
  private var deadline = MonotonicInstant.distantFuture

  init(_ socket: Socket) {
    self.socket = socket
  }

  /// The next final answer; one to HEAD has no body whatever its headers say.
  mutating func next(isHead: Bool = false, until deadline: MonotonicInstant) throws -> HTTPAnswer {
    self.deadline = deadline
    while true {
      var answer = try head()
      if (100..<200).contains(answer.status) { continue }
      answer.body = try body(of: answer, isHead)
      return answer
    }
  }

  private mutating func head() throws -> HTTPAnswer {
    let words = try line().split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw TestFailure("not an HTTP status line: \(words.joined(separator: " "))")
    }
    var answer = HTTPAnswer(status: status, headers: [], body: [])
    while true {
      let line = try line()
      if line.isEmpty { return answer }
      guard let colon = line.firstIndex(of: ":") else { throw TestFailure("not a header: \(line)") }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      answer.headers.append((line[..<colon].lowercased(), String(value)))
    }
  }

  private mutating func body(of answer: HTTPAnswer, _ isHead: Bool) throws -> [UInt8] {
    if isHead || answer.status == 204 || answer.status == 304 { return [] }
    if answer["transfer-encoding"] == "chunked" { return try chunks() }
    if let length = answer["content-length"] {
      guard let count = Int(length), count >= 0 else { throw TestFailure("bad Content-Length: \(length)") }
      return try take(count)
    }
    while try more() {}
    defer { buffer.removeAll() }
    return buffer
  }

  private mutating func chunks() throws -> [UInt8] {
    var whole: [UInt8] = []
    while true {
      let size = try line().prefix { $0 != ";" }
      guard let count = Int(size, radix: 16), count >= 0 else { throw TestFailure("bad chunk size: \(size)") }
      whole += try take(count)
      // After a chunk an empty line; after the last one trailers, of which there are none.
      _ = try line()
      if count == 0 { return whole }
    }
  }

  private mutating func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = buffer[..<end].last == 13 ? buffer[..<(end - 1)] : buffer[..<end]
        let text = String(decoding: line, as: UTF8.self)
        buffer.removeFirst(end + 1)
        return text
      }
      guard try more() else { throw TestFailure("the connection ended in the middle of an answer") }
    }
  }

  private mutating func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      guard try more() else { throw TestFailure("the connection ended in the middle of a body") }
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// Reads on; false at the end.
  private mutating func more() throws -> Bool {
    guard let bytes = socket.receive(until: deadline) else { throw TestFailure("no answer in time") }
    buffer += bytes
    return !bytes.isEmpty
  }
}

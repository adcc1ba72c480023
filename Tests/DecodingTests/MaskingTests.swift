import Decoding
import Model
import Testing

@Suite struct MaskingTests {
  /// What is kept of a refused line.
  private func kept(_ line: String, limit: Int = 4096) throws -> String {
    var settings = DecodingSettings()
    settings.longestKeptBody = limit
    let batch = try Sample.decode(line, as: Sample.lines, settings: settings)
    #expect(batch.accepted == 0)
    let body = try #require(batch.payload.rejections.first).body
    #expect(body.count <= limit)
    #expect(String(validating: body, as: UTF8.self) != nil)
    return String(decoding: body, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"type":"bogus","password":"hunter2","a":1}"#, #"{"type":"bogus","password":"[REDACTED]","a":1}"#),
    (#"{"type":"bogus","api_key" : "hun\"ter2"}"#, #"{"type":"bogus","api_key" : "[REDACTED]"}"#),
    (#"{"password":"hunter2"#, #"{"password":"[REDACTED]"#),
    (#"{"a":"it, "password":"hunter2"}"#, #"{"a":"it, "password":"[REDACTED]"}"#),
    (#"{'password': 'hunter2'}"#, #"{'password': '[REDACTED]'}"#),
    (#"password=hunter2&a=1"#, #"password=[REDACTED]&a=1"#),
    (#"Authorization: Bearer hunter2"#, #"Authorization: Bearer [REDACTED]"#),
    (#"{"token":["hunter2",["b"]],"x"#, #"{"token":["[REDACTED]",["[REDACTED]"]],"x"#),
    (#"{"token":7,"max_tokens":9,"secret":null"#, #"{"token":7,"max_tokens":9,"secret":null"#),
    (#"{"pass\u0077ord":"hunter2""#, #"{"password":"[REDACTED]""#),
    (#"{"n":"sk-abcdefghijkl0123456789"#, #"{"n":"[REDACTED]"#),
    (#"{"n":"\u0073k-abcdefghijkl0123456789""#, #"{"n":"[REDACTED]""#),
    (#"{"_x":{"a":[1,"}"]},"b":2"#, #"{"_x":null,"b":2"#),
    (#"{"token":\\ü secret"#, #"{"token":[REDACTED] secret"#),
    (#"{"$x":"unclosed"#, #"{"$x":null"#),
    (#"{"json":"{\"password\":\"hunter2\",\"a\":1}""#, #"{"json":"{\"password\":"[REDACTED]\",\"a\":1}""#),
  ])
  func `what is kept of a refused event is masked, whatever it is`(_ sent: String, _ masked: String) throws {
    #expect(try kept(sent) == masked)
  }

  @Test func `a secret in any place of a refused body is not kept`() throws {
    let secret = "hunter2-\(String(repeating: "z", count: 20))"
    let bodies = [
      #"{"type":"bogus","attributes":{"token":"\#(secret)"}}"#, #"{"secret":"\#(secret)",}"#,
      #"nonsense secret: \#(secret)"#, #"{"a":[{"user_password":"\#(secret)"}],"#,
    ]
    for body in bodies { #expect(try !kept(body).contains("hunter2")) }
  }

  @Test func `no secret is shown by half where the text is cut`() throws {
    let secret = "sk-abcdefghijkl0123456789"
    for padding in 0..<300 {
      let text = try kept(
        String(repeating: "ü ", count: padding) + secret + String(repeating: " x", count: 400), limit: 256)
      #expect(!text.contains("sk-"))
      #expect(!text.contains("abcdefghijkl"))
    }
  }

  @Test func `bytes that are no text are kept as text`() throws {
    let batch = try Sample.decode([0x7b, 0xff, 0x00, 0xc3, 0x41, 0x0a, 0x31], as: Sample.lines)
    #expect(
      batch.payload.rejections.map { String(decoding: $0.body, as: UTF8.self) } == [
        "{\u{fffd}\u{fffd}A", "1",
      ])
  }

  @Test func `messages do not repeat what was sent, but for a short and masked piece`() throws {
    let types = [
      "sk-abcdefghijkl0123456789", String(repeating: "y", count: 5000), "handoff.initated\\u001b[31m",
    ]
    for type in types {
      let batch = try Sample.decode("{\"type\":\"\(type)\"}")
      let message = try #require(batch.refusals.first).message
      #expect(message.utf8.count < 200)
      #expect(!message.contains("abcdef"))
      #expect(message.unicodeScalars.allSatisfy { $0.value >= 32 })
    }
    let near = try Sample.decode(#"{"type":"handoff.initated"}"#)
    #expect(near.refusals.first?.message.contains("did you mean handoff.initiated?") == true)
  }
}

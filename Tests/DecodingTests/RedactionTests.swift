import Decoding
import Model
import Testing

@Suite struct RedactionTests {
  /// The attributes that are stored, and how many redactions were counted.
  private func stored(_ attributes: String) throws -> (String, Int) {
    let batch = try Sample.decode(#"{"attributes":\#(attributes),"type":"handoff.step","handoff_id":"h"}"#)
    let text = try #require(batch.readBack.first).text
    let start = text.index(text.startIndex, offsetBy: 14)
    let end = try #require(text.firstRange(of: #","type""#)?.lowerBound)
    return (String(text[start..<end]), batch.redactions)
  }

  @Test(arguments: [
    "password", "db_password", "userPassword", "PASSWD", "client-secret", "clientSecret", "token",
    "access_token",
    "accessToken", "X-Auth-Token", "APIToken", "Authorization", "http.request.header.authorization",
    "Set-Cookie", "credential", "api_key", "apiKey", "x-api-key", "OPENAI_API_KEY", "apikey",
    "pass\\u0077ord",
  ])
  func `string values of secret keys are redacted`(_ key: String) throws {
    let (text, count) = try stored(#"{"a":1,"\#(key)":"hunter2","b":2}"#)
    #expect(text == #"{"a":1,"\#(key)":"[REDACTED]","b":2}"#)
    #expect(count == 1)
  }

  @Test(arguments: [
    "tokens", "max_tokens", "token_count", "secrets", "secretary", "tokenizer", "mytoken", "passwords", "key",
    "cookies", "keypad", "cookie_policy", "monkey", "turkey", "author",
  ])
  func `string values of other keys are kept`(_ key: String) throws {
    let text = #"{"\#(key)":"hunter2"}"#
    #expect(try stored(text) == (text, 0))
  }

  @Test(arguments: ["7", "null", "true", "{\"kind\":\"x\"}", "[1,2]", "\"[REDACTED]\""])
  func `values of secret keys that are no strings are kept`(_ value: String) throws {
    let text = #"{"token":\#(value)}"#
    #expect(try stored(text) == (text, 0))
  }

  @Test func `strings in a list are redacted by the key of the list`() throws {
    #expect(try stored(#"{"cookie":["a=1",["b"],2]}"#) == (#"{"cookie":["[REDACTED]",["[REDACTED]"],2]}"#, 2))
  }

  static let secrets = [
    "sk-abcdefghijklmnopqrstuvwxyz012345", "sk-proj-Ab1_Cd2-Ef3", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "github_pat_11ABCDEFG0123456789_abcdef", "AKIAIOSFODNN7EXAMPLE", "xoxb-123456789012-abcdefghijkl",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "Bearer abc.def.ghi", "Bearer secret",
    "bearer abc123",
    "glpat-abcdefghij0123456789", "AIzaSyA0123456789abcdefghijklmnopqrstuvw", "sk_live_abcdefgh12345678",
    "hf_abcdefghijklmnopqrstuvwxyz",
  ]

  @Test(arguments: secrets)
  func `values that look like keys are redacted wherever they stand`(_ secret: String) throws {
    #expect(try stored(#"{"note":"\#(secret)"}"#) == (#"{"note":"[REDACTED]"}"#, 1))
    let (list, count) = try stored(#"{"a":[{"b":["\#(secret)","x"]}]}"#)
    #expect(list == #"{"a":[{"b":["[REDACTED]","x"]}]}"#)
    #expect(count == 1)
  }

  @Test(arguments: secrets.filter { !$0.hasPrefix("Bearer s") })
  func `a key within a longer text is masked there`(_ secret: String) throws {
    let (text, count) = try stored(#"{"note":"call failed with \#(secret), \"again\" ü"}"#)
    #expect(text == #"{"note":"call failed with [REDACTED], \"again\" ü"}"#)
    #expect(count == 1)
  }

  @Test(arguments: [
    "sk-learn-pipeline-name", "task-1234567890123456", "risk-assessment-2024-01-01", "the bearer of bad news",
    "bearer authentication failed", "eyJust-a-name-that-is-long", "ghp_short", "AKIA", "2026-11-21T03:00:00Z",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "01J9ZK3Q8V7N5M2X4C6B8D0F1G",
    "550e8400-e29b-41d4-a716-446655440000",
  ])
  func `what only resembles a key is kept`(_ value: String) throws {
    let text = #"{"note":"\#(value)"}"#
    #expect(try stored(text) == (text, 0))
  }

  @Test(arguments: ["sk-", "eyJ-", "eyJ.", "SG.", "eyJ", "Bearer ", "ghp_", "sk-x "])
  func `a text of nothing but beginnings of keys is read in no time`(_ beginning: String) throws {
    let note = String(repeating: beginning, count: 16_000 / beginning.utf8.count)
    #expect(try Sample.decode(Sample.event("e", "\"attributes\":{\"note\":\"\(note)\"}")).accepted == 1)
  }

  @Test func `a secret written with escapes is redacted`() throws {
    #expect(
      try stored(#"{"note":"say \u0073k-abcdefghijkl0123456789"}"#) == (#"{"note":"say [REDACTED]"}"#, 1))
  }

  @Test func `secrets in known fields are redacted too, and the facts with them`() throws {
    let batch = try Sample.decode(
      Sample.event(
        "e", #""error":{"message":"401 for sk-abcdefghijkl0123456789"},"to_agent":"AKIAIOSFODNN7EXAMPLE""#))
    let frame = try #require(batch.readBack.first)
    #expect(frame.text(.errorMessage) == "401 for [REDACTED]")
    #expect(frame.text(.error) == #"{"message":"401 for [REDACTED]"}"#)
    #expect(frame.text(.toAgent) == "[REDACTED]")
    #expect(batch.redactions == 2)
  }

  @Test(arguments: [
    (#"{"_a":1}"#, "{}"), (#"{"_a":1,"b":2}"#, #"{"b":2}"#), (#"{"b":2,"_a":1}"#, #"{"b":2}"#),
    (#"{"b":2,"_a":1,"c":3}"#, #"{"b":2,"c":3}"#), (#"{"_a":1,"$b":2}"#, "{}"),
    (#"{"_a":1,"$b":2,"c":3,"_d":{"x":[1,{"password":"p"}]},"_e":5}"#, #"{"c":3}"#),
    (#"{"a":{"_x":1},"b":[{"$y":"z"},{"_":2,"k":3}]}"#, #"{"a":{},"b":[{},{"k":3}]}"#),
    (#"{"\u005fa":1,"b_":2}"#, #"{"b_":2}"#), (#"{ "a" : 1 , "_b" : 2 }"#, #"{ "a" : 1 }"#),
  ])
  func `keys that begin with an underscore or a dollar sign are dropped`(_ sent: String, _ kept: String)
    throws
  {
    let (text, count) = try stored(sent)
    #expect(text.replacing(" ", with: "") == kept.replacing(" ", with: ""))
    #expect(count == 0)
  }

  @Test func `dropped keys of an event are counted`() throws {
    let batch = try Sample.decode(
      #"{"_private":{"a":1},"type":"handoff.step","$x":2,"handoff_id":"h","envelope":{"_y":3,"bytes":4}}"#)
    #expect(batch.droppedKeys == 3)
    #expect(batch.readBack.first?.text == #"{"type":"handoff.step","handoff_id":"h","envelope":{"bytes":4}}"#)
    #expect(batch.readBack.first?.text(.envelopeBytes) == "4")
  }

  @Test func `what was redacted does not count for the content`() throws {
    let events = ["one", "two"].map {
      #"{"type":"handoff.step","handoff_id":"h","event_id":"e","attributes":{"token":"\#($0)"}}"#
    }
    let hashes = try events.map { try Sample.decode($0).readBack.first?.contentHash }
    #expect(hashes[0] == hashes[1])
  }
}

// Arbitrary bytes as a body: the first byte says of which type and in which dialect, the rest is decoded.
//
// Nothing may trap. What is accepted must be read back from its frame, be JSON to another reader, and say the same when it is
// decoded once more. Lines must give the same frames when they are read byte by byte.
import Bytes
import Decoding
import Dialects
import Foundation
import Model
import Synchronization

private let decoder = Mutex(Decoder())
private let now = Timestamp(microseconds: 1_795_230_060_000_000)

/// Called by libFuzzer for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecoder(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let kind = bytes.first else { return 0 }
  let body = Array(bytes.dropFirst())
  let dialects = [nil] + Dialect.allCases
  let dialect = dialects[Int(kind / 4) % dialects.count]
  switch kind % 4 {
  case 0: check(decode(body, lines: false, in: dialect), isLines: false)
  case 1: check(decode(body, lines: false, encoding: "gzip", in: dialect), isLines: false)
  default:
    let batch = decode(body, lines: true, in: dialect)
    check(batch, isLines: true)
    checkCarefully(batch, body, in: dialect)
  }
  return 0
}

private func decode(
  _ body: [UInt8], lines: Bool, encoding: String? = nil, in dialect: Dialect? = nil
) -> DecodedBatch? {
  decoder.withLock { decoder in
    try? decoder.decode(
      body, contentType: lines ? "application/x-ndjson" : "application/json", contentEncoding: encoding,
      dialect: dialect, receivedAt: now)
  }
}

private func check(_ batch: DecodedBatch?, isLines: Bool) {
  guard let batch else { return }
  for refusal in batch.refusals {
    precondition(
      refusal.pointer.utf8.count < 1000 && !refusal.message.isEmpty && refusal.message.utf8.count < 400)
    precondition(refusal.message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }
  for rejection in batch.payload.rejections {
    precondition(rejection.body.count <= 4096 && String(validating: rejection.body, as: UTF8.self) != nil)
  }
  guard let payload = BatchPayload(batch.payload.payload(receivedAt: now, from: "fuzz")) else {
    preconditionFailure("the payload cannot be read back")
  }
  precondition(payload.frames.count == batch.frames.count && payload.rejections == batch.payload.rejections)
  precondition(Set(batch.frames.map(\.index)).count == batch.accepted)
  for (frame, decoded) in zip(payload.frames, batch.frames) { check(frame, decoded) }
}

private func check(_ frame: EventFrame, _ decoded: DecodedFrame) {
  precondition(EventIdentity(of: frame) == decoded.identity)
  for position in 0..<frame.count { precondition(frame.fact(at: position) != nil) }
  let body = Array(frame.body)
  precondition((try? JSONSerialization.jsonObject(with: Data(body))) is [String: Any], "no JSON in a frame")
  guard let again = decode(body, lines: false) else { preconditionFailure("a frame's body is not taken") }
  // What was moved to `attributes` may stand one too deep to be sent there, and add up to too much.
  if again.refusals.allSatisfy({ $0.code == .tooDeep }), again.accepted == 0 { return }
  precondition(again.accepted == 1 && again.redactions == 0 && again.droppedKeys == 0)
  guard let copy = EventFrame(again.payload.frames.bytes, at: 0) else { preconditionFailure("no frame") }
  precondition(copy.contentHash == frame.contentHash && copy.type == frame.type && copy.body == frame.body)
}

private func checkCarefully(_ batch: DecodedBatch?, _ body: [UInt8], in dialect: Dialect?) {
  guard let batch, batch.frames.isEmpty == false,
    let careful = decode(body + Array("\n\"\u{1}\"".utf8), lines: true, in: dialect)
  else { return }
  precondition(careful.payload.frames.bytes == batch.payload.frames.bytes)
  precondition(careful.refusals.dropLast() == batch.refusals[...])
}

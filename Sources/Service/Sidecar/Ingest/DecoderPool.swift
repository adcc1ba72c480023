import Decoding
import Dialects
import Model
import Platform

/// Decoders for as many threads as decode at a time; whoever comes takes one that is free.
final class DecoderPool: Sendable {
  private final class Slot: Sendable {
    let decoder: Guarded<Decoder>
    init(_ settings: DecodingSettings) { decoder = Guarded(Decoder(settings: settings)) }
  }

  private let slots: [Slot]

  init(count: Int, settings: DecodingSettings) {
    slots = (0..<max(1, count)).map { _ in Slot(settings) }
  }

  /// Decodes with a free decoder; with more threads than decoders, waits for one.
  func decode(
    _ body: [UInt8], type: String?, encoding: String?, dialect: Dialect?, receivedAt: Timestamp,
    keeping rejections: Int
  ) throws(BodyRefusal) -> DecodedBatch {
    for slot in slots {
      let result = slot.decoder.withLockIfAvailable { decoder in
        Self.run(&decoder, body, type, encoding, dialect, receivedAt, rejections)
      }
      if let result { return try result.get() }
    }
    return try slots[0].decoder.withLock {
      Self.run(&$0, body, type, encoding, dialect, receivedAt, rejections)
    }.get()
  }

  private static func run(
    _ decoder: inout Decoder, _ body: [UInt8], _ type: String?, _ encoding: String?, _ dialect: Dialect?,
    _ receivedAt: Timestamp, _ rejections: Int
  ) -> Result<DecodedBatch, BodyRefusal> {
    do throws(BodyRefusal) {
      return .success(
        try decoder.decode(
          body, contentType: type, contentEncoding: encoding, dialect: dialect, receivedAt: receivedAt,
          keptRejections: rejections))
    } catch {
      return .failure(error)
    }
  }
}

// Decoding: from the bytes of a request to the frames of a spool record.
//
//   body → unpack → index → read → judge → (rewrite → read) → frame
//
// - One parser reads everything. simdjson's first stage finds the tokens (JSONIndex); a single pass
//   over them in `EventReader` checks grammar and meaning, hashes the content, finds the facts and
//   notes what must be redacted. An event that is good as it was sent is copied as it was sent.
// - A body is read in windows, so that memory does not grow with it. What the vector pass refuses is
//   indexed byte by byte instead (CarefulIndex): then the one faulty event can be named, and its
//   neighbours are taken.
// - What is no event may be a message of a dialect: it is looked at only then, so that events cost no more for it.
// - Nothing of an event is stored before redaction, also of a refused one (Masker).
// - Decoding is a function of its arguments: no clock, no memory of earlier bodies. Only scratch space is kept.
import Compression
public import Dialects
import JSONIndex
public import Model

/// Decodes bodies of events; one for each thread that does so, because its scratch space is reused.
public struct Decoder: ~Copyable, Sendable {
  private var index = JSONIndex()
  private var batch: BatchReader

  /// A decoder with these limits.
  public init(settings: DecodingSettings = DecodingSettings()) {
    batch = BatchReader(settings: settings)
  }

  /// Decodes a body received at `receivedAt`, and keeps the bytes of the first `keptRejections` refused events.
  ///
  /// What is no event is read in `dialect`, or in the one that its fields are of.
  public mutating func decode(
    _ body: [UInt8], contentType: String?, contentEncoding: String? = nil, dialect: Dialect? = nil,
    receivedAt: Timestamp, keptRejections: Int = 1000
  ) throws(BodyRefusal) -> DecodedBatch {
    guard let type = MediaType(contentType) else { throw .unsupportedType }
    guard let encoding = ContentEncoding(contentEncoding) else { throw .unsupportedEncoding }
    guard body.count <= batch.settings.largestBody else {
      throw .tooLarge(limit: batch.settings.largestBody)
    }
    batch.dialect = dialect
    switch encoding {
    case .identity:
      batch.begin(receivedAt: receivedAt, keeping: keptRejections, expecting: body.count)
      return try read(body, as: type)
    case .gzip:
      let unpacked: [UInt8]
      do {
        unpacked = try Gzip.unpack(body, limit: batch.settings.largestUnpackedBody)
      } catch .tooLarge(let limit) {
        throw .tooLargeUnpacked(limit: limit)
      } catch {
        batch.begin(receivedAt: receivedAt, keeping: keptRejections, expecting: 0)
        return refused(.invalidJSON, "the body cannot be unpacked: \(error)", [])
      }
      batch.begin(receivedAt: receivedAt, keeping: keptRejections, expecting: unpacked.count)
      return try read(unpacked, as: type)
    }
  }

  private mutating func read(_ body: [UInt8], as type: MediaType) throws(BodyRefusal) -> DecodedBatch {
    if body.allSatisfy(Byte.isWhite) {
      return refused(
        .invalidJSON, "the body is empty; send an event, an array of events, or one a line", body)
    }
    if let encoding = TextEncoding(body.span), type == .json || encoding == .wide {
      return refused(.invalidText, encoding.message, body)
    }
    switch type {
    case .json: try batch.readText(body, &index)
    case .lines: try batch.readLines(body, &index)
    }
    return batch.take()
  }

  /// A batch in which the body is refused whole.
  private mutating func refused(_ code: RefusalCode, _ message: String, _ body: [UInt8]) -> DecodedBatch {
    batch.refuseAll(Refusal(index: 0, pointer: "", code: code, message: message), body.span)
    return batch.take()
  }
}

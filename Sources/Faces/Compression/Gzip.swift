/// Packing and unpacking of gzip (RFC 1952).
public enum Gzip {
  /// How it begins.
  public static let magic: [UInt8] = [0x1f, 0x8b]

  /// Unpacks all members of `packed`; stops as soon as more than `limit` bytes have come out.
  public static func unpack(_ packed: [UInt8], limit: Int) throws(GzipFault) -> [UInt8] {
    guard packed.count >= 2 else { throw .truncated }
    guard packed.starts(with: magic) else { throw .notGzip }
    let inflater = try Inflater(limit: limit)
    return try inflater.run(over: packed)
  }

  /// Packs `bytes` as one member; nil where there is no memory for it.
  public static func pack(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8]? {
    Deflater.pack(bytes, level: level)
  }
}

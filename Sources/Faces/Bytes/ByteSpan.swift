extension [UInt8] {
  /// Appends bytes that lie somewhere else, in one go.
  @inlinable
  public mutating func append(_ run: Span<UInt8>) {
    unsafe run.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends bytes with a byte before and a byte behind them, making room once for all.
  @inlinable
  public mutating func append(_ first: UInt8, _ run: Span<UInt8>, _ last: UInt8) {
    append(addingCapacity: run.count + 2) { room in
      room.append(first)
      unsafe room.withUnsafeMutableBufferPointer { target, filled in
        unsafe run.withUnsafeBufferPointer { source in
          unsafe UnsafeMutableRawBufferPointer(target.extracting(filled...)).copyMemory(
            from: UnsafeRawBufferPointer(source))
        }
        filled += run.count
      }
      room.append(last)
    }
  }
}

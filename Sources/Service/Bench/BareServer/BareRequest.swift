import Glibc

/// One request: plain memory, owned by its connection until it is on the list, and again after it was resumed.
@unsafe struct BareRequest {
  let connection: OpaquePointer
  var body: UnsafeMutableRawPointer?
  var capacity = 0
  var count = 0
  var isDurable = false
  var next: UnsafeMutablePointer<BareRequest>?

  mutating func append(_ data: UnsafeRawPointer, _ size: Int) {
    if unsafe count + size > capacity {
      unsafe capacity = max(count + size, capacity * 2, 512)
      unsafe body = realloc(body, capacity)
    }
    if let body = unsafe body { unsafe memcpy(body + count, data, size) }
    unsafe count += size
  }
}

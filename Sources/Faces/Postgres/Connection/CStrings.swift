/// Calls `body` with a NULL-terminated array of C strings.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  var joined: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(joined.count)
    joined.append(contentsOf: string.utf8.map { CChar(bitPattern: $0) })
    joined.append(0)
  }
  joined.append(0)
  return unsafe joined.withUnsafeBufferPointer { bytes in
    let base = bytes.baseAddress
    var pointers = unsafe starts.map { start in unsafe base.map { unsafe $0 + start } }
    unsafe pointers.append(nil)
    return unsafe body(pointers)
  }
}

// Arbitrary bytes as a request target, and as the lines of a head. Nothing may trap; what is accepted must mean one
// thing only: a target says the same when it is escaped and read again, and a head that passed has one length or none.
import HTTPServer

/// Called by libFuzzer for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTarget(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  fuzzTarget(bytes)
  fuzzHead(bytes)
  return 0
}

private func fuzzTarget(_ bytes: [UInt8]) {
  let read: RequestTarget
  do throws(TargetFault) {
    read = try RequestTarget(bytes)
  } catch {
    return precondition(!error.detail.isEmpty)
  }
  precondition(read.path.count <= RequestTarget.maximumSegments)
  precondition(read.query.count <= RequestTarget.maximumParameters)
  precondition(!read.path.contains { $0.utf8.contains(0) })
  precondition(!read.query.contains { $0.name.utf8.contains(0) || $0.value.utf8.contains(0) })
  let pairs = read.query.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
  let path = read.path.map(escaped).joined(separator: "/")
  guard let again = try? RequestTarget(Array("/\(path)?\(pairs)".utf8)) else {
    preconditionFailure("what was decoded cannot be said again")
  }
  precondition(again.path == read.path && again.query == read.query)
  route(read)
}

private func escaped(_ text: String) -> String {
  text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// A router must find a place for every target, with or without a route.
private func route(_ target: RequestTarget) {
  let router = Router([Route("GET", "/v1/things/{id}") { $1.send(.text("")) }])
  for method in ["GET", "HEAD", "POST"] {
    let head = RequestHead(method: method, target: target)
    switch router.admit(head) {
    case .collect(_, let pattern): precondition(pattern != nil && target.path.count == 3 && method != "POST")
    case .refuse(let response, _):
      precondition([404, 405].contains(response.status) && !response.body.isEmpty)
    }
  }
}

private func fuzzHead(_ bytes: [UInt8]) {
  var policy = FramingPolicy(maximumFields: 100, maximumBytes: 8_192)
  var lengths = 0
  do throws(FramingFault) {
    for line in bytes.split(separator: 10) {
      let name = Array(line.prefix { $0 != UInt8(ascii: ":") })
      let value = Array(line.dropFirst(name.count + 1))
      try policy.add(name: name.span, value: value.span)
      if String(decoding: name, as: UTF8.self).lowercased() == "content-length" { lengths += 1 }
    }
    try policy.conclude(method: Array("GET".utf8).span, version: .http11)
  } catch {
    return precondition(!error.detail.isEmpty && error.status >= 400)
  }
  precondition(lengths == (policy.contentLength == nil ? 0 : 1))
  precondition(policy.contentLength == nil || !policy.isChunked)
  precondition((policy.contentLength ?? 0) >= 0)
  precondition(policy.fields["host"] != nil)
  precondition(policy.fields.all.count == policy.fields.count)
  for (name, value) in policy.fields.all {
    precondition(name == name.lowercased() && !name.isEmpty && policy.fields[name] != nil)
    precondition(!value.utf8.contains { $0 < 0x20 && $0 != 9 })
  }
}

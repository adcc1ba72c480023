import CMicrohttpd
import Glibc

/// A head as the library shows it, read strictly.
struct HeadReading {
  let method: String
  private let policy: FramingPolicy
  private let fault: FramingFault?

  /// Reads the head of the request on `handle`.
  ///
  /// The library's pointers are good for the length of the callback.
  init(
    _ handle: OpaquePointer, method: UnsafePointer<CChar>, target: UnsafePointer<CChar>, targetCount: Int,
    version: UnsafePointer<CChar>, limits: HTTPLimits
  ) {
    let (methodCount, versionCount) = unsafe (strlen(method), strlen(version))
    var walk = HeadWalk(
      policy: FramingPolicy(maximumFields: limits.headFields, maximumBytes: limits.headBytes),
      layout: HeadLayout(
        method: UInt(bitPattern: method), methodCount: methodCount, target: UInt(bitPattern: target),
        targetCount: targetCount, version: UInt(bitPattern: version), versionCount: versionCount))
    if targetCount > limits.targetBytes { walk.fault = .targetTooLong }
    unsafe withUnsafeMutablePointer(to: &walk) { walk in
      _ = unsafe MHD_get_connection_values_n(handle, hd_mhd_header_kind, HeadWalk.step, walk)
    }
    unsafe walk.layout.end(method: UInt(bitPattern: method), size: hd_mhd_head_size(handle))
    let methodBytes = unsafe UnsafeRawBufferPointer(start: method, count: methodCount)
    let versionBytes = unsafe UnsafeRawBufferPointer(start: version, count: versionCount)
    fault = unsafe walk.verdict(
      method: methodBytes.bindMemory(to: UInt8.self), version: versionBytes.bindMemory(to: UInt8.self))
    self.method = unsafe String(decoding: methodBytes, as: UTF8.self)
    policy = walk.policy
  }

  /// The request's head, or the answer to what is no request.
  func request(target: [UInt8], peer: String) -> Result<RequestHead, Refusal> {
    if let fault { return .failure(Refusal(response: .problem(fault.status, fault.detail))) }
    do throws(TargetFault) {
      return .success(
        RequestHead(
          method: method, target: try RequestTarget(target), headers: policy.fields,
          contentLength: policy.contentLength, isChunked: policy.isChunked,
          expectsContinue: policy.expectsContinue, peer: peer))
    } catch {
      return .failure(Refusal(response: .problem(400, error.detail)))
    }
  }

  /// The answer to what is no request.
  struct Refusal: Error {
    let response: Response
  }
}

/// The walk over the library's list of fields.
private struct HeadWalk {
  var policy: FramingPolicy
  var layout: HeadLayout
  var fault: FramingFault?

  /// Because: called by the library, for each field, on the stack of `HeadReading.init`, with pointers into the
  /// connection's memory and the sizes of what they point to.
  static let step: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
    guard let walk = unsafe context?.assumingMemoryBound(to: HeadWalk.self), let name = unsafe name else {
      return hd_mhd_no
    }
    unsafe walk.pointee.add(
      UnsafeRawBufferPointer(start: name, count: nameCount),
      UnsafeRawBufferPointer(start: value, count: valueCount))
    return unsafe walk.pointee.fault == nil ? hd_mhd_yes : hd_mhd_no
  }

  mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    layout.line(
      name: UInt(bitPattern: name.baseAddress), nameCount: name.count,
      value: UInt(bitPattern: value.baseAddress), valueCount: value.count)
    do throws(FramingFault) {
      try unsafe policy.add(
        name: name.bindMemory(to: UInt8.self).span, value: value.bindMemory(to: UInt8.self).span)
    } catch {
      fault = error
    }
  }

  func verdict(method: UnsafeBufferPointer<UInt8>, version: UnsafeBufferPointer<UInt8>) -> FramingFault? {
    if let fault { return fault }
    guard let version = unsafe HTTPVersion(version.span) else { return .unsupportedVersion }
    guard layout.isIntact || !LibraryVersion.parsesInPlace else { return .malformedHead }
    do throws(FramingFault) {
      try unsafe policy.conclude(method: method.span, version: version)
      return nil
    } catch {
      return error
    }
  }
}

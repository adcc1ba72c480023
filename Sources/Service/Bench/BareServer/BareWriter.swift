import CMicrohttpd
import Glibc
import Platform

/// The thread that writes.
struct BareWriter: Sendable {
  let list: BareList
  let file: FileDescriptor
  let runners: [BareRunner]

  func run() {
    while let group = unsafe list.take() {
      unsafe write(group)
      fdatasync(file.number)
      unsafe release(group)
      for runner in runners { runner.ring() }
    }
  }

  /// Bodies in as few calls as the system allows.
  private func write(_ group: UnsafeMutablePointer<BareRequest>) {
    var vectors: [iovec] = unsafe []
    var next: UnsafeMutablePointer<BareRequest>? = unsafe group
    while let request = unsafe next {
      unsafe vectors.append(iovec(iov_base: request.pointee.body, iov_len: request.pointee.count))
      unsafe next = request.pointee.next
      if unsafe vectors.count == 1024 || next == nil {
        unsafe writeAll(&vectors)
        unsafe vectors.removeAll(keepingCapacity: true)
      }
    }
  }

  private func writeAll(_ vectors: inout [iovec]) {
    let total = unsafe vectors.reduce(0) { unsafe $0 + $1.iov_len }
    let written = unsafe writev(file.number, vectors, Int32(vectors.count))
    precondition(written == total, "the benchmark's disk is full or its writes are short")
  }

  private func release(_ group: UnsafeMutablePointer<BareRequest>) {
    var next: UnsafeMutablePointer<BareRequest>? = unsafe group
    while let request = unsafe next {
      // Read first: once it is resumed, the request is its connection's again.
      unsafe next = request.pointee.next
      unsafe request.pointee.isDurable = true
      unsafe MHD_resume_connection(request.pointee.connection)
    }
  }
}

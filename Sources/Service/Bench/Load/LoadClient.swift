import Glibc
import Platform

/// One connection of the load and the request that is on it.
final class LoadClient {
  enum Reading {
    case nothing
    case answer(status: Int, isLast: Bool)
    case ended
  }

  let socket: Socket
  private(set) var start = MonotonicInstant.distantPast
  var isBusy = false
  private var request: [UInt8] = []
  private var sent = 0
  private var parser = ResponseParser()
  private var buffer = [UInt8](repeating: 0, count: 4 << 10)

  init(socket: Socket) { self.socket = socket }

  /// Whether a part of the request has not been taken yet.
  var isWaitingToSend: Bool { isBusy && sent < request.count }

  func begin(_ request: [UInt8], _ now: MonotonicInstant) {
    self.request = request
    (sent, start, isBusy) = (0, now, true)
  }

  /// Sends as much as the socket takes.
  ///
  /// A broken one is found when it is read.
  func write() {
    while sent < request.count {
      let count = unsafe request.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe send(socket.number, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  func read() -> Reading {
    while true {
      let count = unsafe recv(socket.number, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { return .nothing }
      guard count > 0 else { return .ended }
      unsafe buffer.withUnsafeBytes {
        unsafe parser.append(UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
      }
      while let (status, head, _) = parser.next() {
        if status == 100 { continue }
        isBusy = false
        return .answer(status: status, isLast: Self.closes(head))
      }
    }
  }

  /// As the library writes it.
  private static let line = Array("\nConnection: close\r".utf8)

  private static func closes(_ head: ArraySlice<UInt8>) -> Bool {
    guard head.count > line.count else { return false }
    var index = head.startIndex
    while index + line.count <= head.endIndex {
      if head[index] == 10, head[index..<(index + line.count)].elementsEqual(line) { return true }
      index += 1
    }
    return false
  }
}

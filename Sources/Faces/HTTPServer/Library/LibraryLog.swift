import CMicrohttpd
import Platform

/// The library's own complaints, one line each, in our log.
enum LibraryLog {
  /// Because: the library calls with the context that its daemon was started with, and a text that ends.
  static let write: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>) -> Void = {
    context, text in
    guard let context = unsafe context else { return }
    let core = unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue().core
    let words = unsafe String(cString: text).split(separator: "\n").joined(separator: " ")
    // Most of it is about what clients did; what the system lacks is ours.
    core.log(words.contains("limit") ? .warning : .debug, "libmicrohttpd said", ["text": .text(words)])
  }
}

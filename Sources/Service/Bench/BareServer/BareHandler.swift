import CMicrohttpd
import Glibc

/// The library's callbacks.
enum BareHandler {
  static func start(_ listener: Int32, _ list: BareList) -> OpaquePointer? {
    let context = unsafe Unmanaged.passUnretained(list).toOpaque()
    let completed = unsafe unsafeBitCast(completed, to: Int.self)
    let options = unsafe [
      MHD_OptionItem(option: hd_mhd_option_listen, value: Int(listener), ptr_value: nil),
      MHD_OptionItem(option: hd_mhd_option_connections, value: 10_000, ptr_value: nil),
      MHD_OptionItem(option: hd_mhd_option_memory, value: 64 << 10, ptr_value: nil),
      MHD_OptionItem(option: hd_mhd_option_completed, value: completed, ptr_value: context),
      MHD_OptionItem(option: hd_mhd_option_end, value: 0, ptr_value: nil),
    ]
    let logger = UnsafeMutablePointer<hd_mhd_logger>.allocate(capacity: 1)
    unsafe logger.initialize(to: hd_mhd_logger(write: { _, _ in }, context: nil))
    return unsafe hd_mhd_start(hd_mhd_flags, logger, answer, context, options)
  }

  private static let answer: MHD_AccessHandlerCallback = { context, connection, _, _, _, data, size, slot in
    guard let list = unsafe list(context), let connection = unsafe connection,
      let size = unsafe size, let slot = unsafe slot
    else { return hd_mhd_no }
    guard let request = unsafe slot.pointee?.assumingMemoryBound(to: BareRequest.self) else {
      unsafe slot.pointee = begin(connection, list)
      return hd_mhd_yes
    }
    if let data = unsafe data, unsafe size.pointee > 0 {
      unsafe request.pointee.append(data, size.pointee)
      unsafe size.pointee = 0
      return hd_mhd_yes
    }
    if unsafe request.pointee.isDurable { return unsafe MHD_queue_response(connection, 200, response) }
    // The request is the writer's from the moment it is on the list, so it goes there last.
    unsafe MHD_suspend_connection(connection)
    unsafe list.push(request)
    return hd_mhd_yes
  }

  private static let completed: MHD_RequestCompletedCallback = { context, _, slot, _ in
    guard let list = unsafe list(context),
      let request = unsafe slot?.pointee?.assumingMemoryBound(to: BareRequest.self)
    else { return }
    unsafe free(request.pointee.body)
    unsafe request.deallocate()
    list.ended()
  }

  /// Because: the list was given as the context, and its server outlives the daemon.
  private static func list(_ context: UnsafeMutableRawPointer?) -> BareList? {
    unsafe context.map { unsafe Unmanaged<BareList>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func begin(
    _ connection: OpaquePointer, _ list: BareList
  ) -> UnsafeMutableRawPointer {
    let request = UnsafeMutablePointer<BareRequest>.allocate(capacity: 1)
    unsafe request.initialize(to: BareRequest(connection: connection))
    if let length = unsafe MHD_lookup_connection_value(connection, hd_mhd_header_kind, "Content-Length") {
      unsafe request.pointee.capacity = min(8 << 20, atol(length))
      unsafe request.pointee.body = malloc(request.pointee.capacity)
    }
    list.began()
    return UnsafeMutableRawPointer(request)
  }

  /// The answer, made once; it lives as long as the program.
  private nonisolated(unsafe) static let response: OpaquePointer? = {
    let text: StaticString = "{\"accepted\":1,\"duplicates\":0,\"rejected\":[]}"
    let bytes = unsafe UnsafeMutableRawPointer(mutating: text.utf8Start)
    return unsafe MHD_create_response_from_buffer(text.utf8CodeUnitCount, bytes, hd_mhd_keep)
  }()
}

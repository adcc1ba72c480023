internal import CCurl
internal import Glibc

/// What is set on libcurl's handle before a request.
@safe struct Options {
  let handle: UnsafeMutableRawPointer
  let request: HTTPRequest
  let agent: String
  /// Whether the answer may take as long as it likes, while something comes.
  let isStream: Bool

  @unsafe init(handle: UnsafeMutableRawPointer, request: HTTPRequest, agent: String, isStream: Bool) {
    unsafe self.handle = unsafe handle
    self.request = request
    self.agent = agent
    self.isStream = isStream
  }

  /// Sets everything; false when libcurl lacks memory or an option.
  ///
  /// All arguments must live until the exchange is over.
  @unsafe func set(
    _ body: UnsafeBufferPointer<UInt8>, _ fields: HeaderList, _ transfer: Transfer, _ reason: ReasonBuffer
  ) -> Bool {
    guard setTarget(), setTimes(), setManners(), setTrust(), setPolicy(transfer) else { return false }
    return unsafe setBody(body) && setFields(fields) && setReceivers(transfer, reason)
  }

  private func setTarget() -> Bool {
    text(CURLOPT_URL, request.url) && text(CURLOPT_USERAGENT, agent)
      && text(CURLOPT_CUSTOMREQUEST, request.method)
      && number(CURLOPT_NOBODY, request.method == "HEAD" ? 1 : 0)
  }

  private func setTimes() -> Bool {
    let whole = milliseconds(request.timeout)
    if isStream {
      // libcurl counts silence in whole seconds, and holds the answer for silent below this many bytes a second.
      return number(CURLOPT_LOW_SPEED_LIMIT, 1) && number(CURLOPT_LOW_SPEED_TIME, max(1, whole / 1000))
        && number(CURLOPT_CONNECTTIMEOUT_MS, min(whole, milliseconds(request.connectTimeout)))
    }
    return number(CURLOPT_TIMEOUT_MS, whole)
      && number(CURLOPT_CONNECTTIMEOUT_MS, min(whole, milliseconds(request.connectTimeout)))
  }

  /// No signals, no redirects, nothing but HTTP, no proxy from the environment.
  private func setManners() -> Bool {
    number(CURLOPT_NOSIGNAL, 1) && number(CURLOPT_FOLLOWLOCATION, 0)
      && text(CURLOPT_PROTOCOLS_STR, "http,https")
      && text(CURLOPT_PROXY, "") && number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
  }

  /// Whom to trust, and who we are.
  private func setTrust() -> Bool {
    let files = [
      (CURLOPT_CAINFO, request.caFile), (CURLOPT_SSLCERT, request.certificateFile),
      (CURLOPT_SSLKEY, request.keyFile),
    ]
    return files.allSatisfy { option, file in file.map { text(option, $0) } ?? true }
  }

  /// Looks at each address before a socket is made for it; nothing is left between the look and the connection.
  private func setPolicy(_ transfer: Transfer) -> Bool {
    guard request.refusesLinkLocal else { return true }
    let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
    let opener: hd_curl_opener = { context, _, address in
      guard let address = unsafe address, let context = unsafe context else { return CURL_SOCKET_BAD }
      let (family, type, proto) = unsafe (
        address.pointee.family, address.pointee.socktype, address.pointee.protocol
      )
      if unsafe PeerAddress(&address.pointee.addr, Int(address.pointee.addrlen)).isLinkLocal {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().refuse()
        return CURL_SOCKET_BAD
      }
      return socket(family, type | Int32(SOCK_CLOEXEC.rawValue), proto)
    }
    return unsafe hd_curl_set_opener(handle, opener) == CURLE_OK
      && pointer(CURLOPT_OPENSOCKETDATA, context)
      // A connection from before the policy was asked for must not be used again.
      && number(CURLOPT_FRESH_CONNECT, 1) && number(CURLOPT_FORBID_REUSE, 1)
  }

  /// libcurl reads the body where it is.
  @unsafe private func setBody(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
    guard body.count > 0 || ["POST", "PUT", "PATCH"].contains(request.method) else { return true }
    let start = unsafe UnsafeMutableRawPointer(mutating: body.baseAddress)
    return unsafe hd_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK
      && pointer(CURLOPT_POSTFIELDS, start)
  }

  private func setFields(_ fields: HeaderList) -> Bool { unsafe pointer(CURLOPT_HTTPHEADER, fields.list) }

  private func setReceivers(_ transfer: Transfer, _ reason: ReasonBuffer) -> Bool {
    let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
    let forBody = unsafe receiver(CURLOPT_WRITEFUNCTION) { piece, size, count, context in
      unsafe Transfer.receive(piece, size &* count, context) { $0.takeBody($1) }
    }
    let forHead = unsafe receiver(CURLOPT_HEADERFUNCTION) { piece, size, count, context in
      unsafe Transfer.receive(piece, size &* count, context) { $0.takeHead($1) }
    }
    return unsafe forBody && forHead && pointer(CURLOPT_WRITEDATA, context)
      && pointer(CURLOPT_HEADERDATA, context) && pointer(CURLOPT_ERRORBUFFER, reason.start)
  }

  @unsafe private func receiver(_ option: CURLoption, _ call: hd_curl_receiver) -> Bool {
    unsafe hd_curl_set_receiver(handle, option, call) == CURLE_OK
  }

  @unsafe private func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) -> Bool {
    unsafe hd_curl_set_pointer(handle, option, value) == CURLE_OK
  }

  private func number(_ option: CURLoption, _ value: Int) -> Bool {
    unsafe hd_curl_set_number(handle, option, value) == CURLE_OK
  }

  private func text(_ option: CURLoption, _ value: String) -> Bool {
    unsafe hd_curl_set_text(handle, option, value) == CURLE_OK
  }

  /// At least one, because zero means for ever.
  private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    let whole = min(max(seconds, 0), 86_400) * 1000 + max(attoseconds, 0) / 1_000_000_000_000_000
    return Int(max(1, whole))
  }
}

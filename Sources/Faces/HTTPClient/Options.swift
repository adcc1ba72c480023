internal import CCurl

/// What is set on libcurl's handle before a request.
@safe struct Options {
  let handle: UnsafeMutableRawPointer
  let request: HTTPRequest
  let agent: String

  @unsafe init(handle: UnsafeMutableRawPointer, request: HTTPRequest, agent: String) {
    unsafe self.handle = unsafe handle
    self.request = request
    self.agent = agent
  }

  /// Sets everything; false when libcurl lacks memory or an option.
  ///
  /// All arguments must live until the exchange is over.
  @unsafe func set(
    _ body: UnsafeBufferPointer<UInt8>, _ fields: HeaderList, _ transfer: Transfer, _ reason: ReasonBuffer
  ) -> Bool {
    guard setTarget(), setTimes(), setManners() else { return false }
    return unsafe setBody(body) && setFields(fields) && setReceivers(transfer, reason)
  }

  private func setTarget() -> Bool {
    text(CURLOPT_URL, request.url) && text(CURLOPT_USERAGENT, agent)
      && text(CURLOPT_CUSTOMREQUEST, request.method)
      && number(CURLOPT_NOBODY, request.method == "HEAD" ? 1 : 0)
  }

  private func setTimes() -> Bool {
    let whole = milliseconds(request.timeout)
    return number(CURLOPT_TIMEOUT_MS, whole)
      && number(CURLOPT_CONNECTTIMEOUT_MS, min(whole, milliseconds(request.connectTimeout)))
  }

  /// No signals, no redirects, nothing but HTTP, no proxy from the environment.
  private func setManners() -> Bool {
    number(CURLOPT_NOSIGNAL, 1) && number(CURLOPT_FOLLOWLOCATION, 0)
      && text(CURLOPT_PROTOCOLS_STR, "http,https")
      && text(CURLOPT_PROXY, "") && number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
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

// Requests to other servers over libcurl's easy interface: one at a time, blocking, on a lane of its owner.
//
// Whoever is asked may be hostile or merely slow. So an exchange has one deadline for everything, an answer has a largest
// size, a redirect is an answer and is not followed (a token would travel with it), and proxies, cookies and netrc files
// of the surroundings are left alone. The connection is kept for the next request to the same server.
internal import CCurl

/// A client for one lane; not `Sendable`, because libcurl's handle is not.
@safe public final class HTTPClient {
  private let handle: UnsafeMutableRawPointer?
  private let agent: String

  /// Makes a client that calls itself `agent`.
  public init(agent: String) {
    self.agent = agent
    unsafe handle = HTTPClient.isReady ? curl_easy_init() : nil
  }

  deinit {
    if let handle = unsafe handle { unsafe curl_easy_cleanup(handle) }
  }

  /// libcurl wants to be set up once in a process, before anything else.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Sends a request and waits for the whole answer, whatever its status.
  public func exchange(_ request: HTTPRequest) throws(HTTPClientError) -> HTTPAnswer {
    try exchange(request, nil)
  }

  /// Sends a request and hands the body of a good answer (200) to `take` as it comes; false from there ends it.
  ///
  /// The body of any other answer is in what is returned. The request's timeout is how long the server may be silent.
  public func stream(
    _ request: HTTPRequest, take: ([UInt8]) -> Bool
  ) throws(HTTPClientError) -> HTTPAnswer {
    let result = withoutActuallyEscaping(take) { take in
      Result { () throws(HTTPClientError) in try exchange(request, take) }
    }
    return try result.get()
  }

  private func exchange(
    _ request: HTTPRequest, _ take: (([UInt8]) -> Bool)?
  ) throws(HTTPClientError) -> HTTPAnswer {
    guard let handle = unsafe handle else {
      throw HTTPClientError(.library, request.place, "libcurl could not be set up")
    }
    let fields = try HeaderList(request)
    // Afterwards libcurl must know none of the addresses that end here; a reset keeps the connection.
    defer { unsafe curl_easy_reset(handle) }
    let transfer = Transfer(limit: request.largestAnswer, take: take)
    let reason = ReasonBuffer()
    let result = unsafe request.body.withUnsafeBufferPointer { body in
      let options = unsafe Options(handle: handle, request: request, agent: agent, isStream: take != nil)
      guard unsafe options.set(body, fields, transfer, reason) else { return CURLE_FAILED_INIT }
      return withExtendedLifetime((fields, transfer, reason)) { unsafe curl_easy_perform(handle) }
    }
    guard result == CURLE_OK else { throw failure(result, request, transfer, reason) }
    var status = 0
    _ = unsafe hd_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
    return HTTPAnswer(status: status, headers: transfer.fields, body: transfer.body)
  }

  private func failure(
    _ result: CURLcode, _ request: HTTPRequest, _ transfer: Transfer, _ reason: ReasonBuffer
  ) -> HTTPClientError {
    let words = unsafe reason.text ?? String(cString: curl_easy_strerror(result))
    if transfer.isTooLarge {
      return HTTPClientError(.tooLarge, request.place, "it is larger than \(request.largestAnswer) bytes")
    }
    if transfer.isForbidden {
      return HTTPClientError(.forbidden, request.place, "its address is link-local or a metadata service's")
    }
    return HTTPClientError(HTTPClientError.Code(result), request.place, words)
  }
}

extension HTTPClientError.Code {
  fileprivate init(_ result: CURLcode) {
    switch result {
    case CURLE_URL_MALFORMAT: self = .invalidRequest
    case CURLE_COULDNT_RESOLVE_HOST: self = .resolve
    case CURLE_COULDNT_CONNECT: self = .connect
    case CURLE_OPERATION_TIMEDOUT: self = .timeout
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      self = .tls
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN: self = .library
    default: self = .interrupted
    }
  }
}

extension HTTPRequest {
  /// Scheme, host and port, without what could be secret in a URL.
  var place: String {
    guard let scheme = url.range(of: "://") else { return "the server" }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return String(url[..<scheme.upperBound] + host)
  }
}

extension String {
  fileprivate func range(of mark: String) -> Range<Index>? { ranges(of: mark).first }
}

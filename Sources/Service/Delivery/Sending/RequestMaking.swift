import Alerts
import Crypto
import HTTPClient
import Model

extension Access {
  /// A request that says who we are.
  func request(_ url: String, timeout: Duration) -> Result<HTTPRequest, SecretFile.Unreadable> {
    var request = HTTPRequest("POST", url)
    request.timeout = timeout
    request.connectTimeout = timeout
    request.largestAnswer = 4 << 10
    request.caFile = caFile
    request.certificateFile = certificateFile
    request.keyFile = keyFile
    request.refusesLinkLocal = !allowsLinkLocal
    request.headers = [("Content-Type", "application/json")]
    switch authorization() {
    case .failure(let reason): return .failure(reason)
    case .success(let value): if let value { request.headers.append(("Authorization", value)) }
    }
    return .success(request)
  }

  private func authorization() -> Result<String?, SecretFile.Unreadable> {
    if let bearerTokenFile { return SecretFile.read(bearerTokenFile).map { "Bearer \($0)" } }
    guard let username, let passwordFile else { return .success(nil) }
    return SecretFile.read(passwordFile).map { "Basic " + Base64.text(Array("\(username):\($0)".utf8)) }
  }
}

extension Webhook {
  /// The request of one attempt, signed anew.
  func request(_ notice: QueuedNotice, at now: Timestamp) -> Result<HTTPRequest, SecretFile.Unreadable> {
    access.request(url, timeout: timeout).flatMap { request in
      var secrets: [SigningSecret] = []
      for file in signingSecretFiles {
        switch SecretFile.read(file) {
        case .failure(let reason): return .failure(reason)
        case .success(let text):
          guard let secret = SigningSecret(text) else {
            return .failure(SecretFile.Unreadable(reason: "\(file) holds no secret of the form whsec_…"))
          }
          secrets.append(secret)
        }
      }
      var request = request
      request.body = notice.body
      request.headers += SigningSecret.headers(
        id: notice.id, timestamp: now.microseconds / 1_000_000, body: notice.body, secrets)
      return .success(request)
    }
  }
}

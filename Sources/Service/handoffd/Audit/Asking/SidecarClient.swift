import Bytes
import Configuration
import HTTPClient
import Platform
import Wording

/// Why there is nothing to show.
struct AuditFailure: Error, Equatable {
  /// The reason, and what may help.
  var words: String
  /// Whether the question was at fault.
  var isWrongUsage = false
}

/// Asks one sidecar.
struct SidecarClient {
  let url: SidecarURL
  let timeout: Duration
  let client = HTTPClient(agent: "handoffd/\(BuildIdentity.currentVersion)")

  init(url: SidecarURL, timeout: Duration) {
    self.url = url
    self.timeout = timeout
  }

  /// The largest answer that is read: a page of a thousand long records fits.
  private static let largestAnswer = 256 << 20

  /// The body of a good answer.
  func get(_ target: String) throws(AuditFailure) -> [UInt8] {
    var request = HTTPRequest("GET", "\(url)\(target)")
    request.headers = [("Accept", "application/json")]
    request.timeout = timeout
    request.largestAnswer = Self.largestAnswer
    let answer: HTTPAnswer
    do throws(HTTPClientError) {
      answer = try client.exchange(request)
    } catch {
      throw AuditFailure(error, at: url)
    }
    guard answer.status == 200 else { throw AuditFailure(answer) }
    return answer.body
  }

  /// Hands the body of a good answer over piece by piece, until `take` says false.
  func stream(
    _ target: String, _ parameters: [(name: String, value: String)], _ take: ([UInt8]) -> Bool
  ) throws(AuditFailure) {
    let query = parameters.map { "\($0.name)=\(PercentEncoding.segment($0.value))" }.joined(separator: "&")
    var request = HTTPRequest("GET", "\(url)\(target)?\(query)")
    request.timeout = timeout
    let answer: HTTPAnswer
    do throws(HTTPClientError) {
      answer = try client.stream(request, take: take)
    } catch {
      throw AuditFailure(error, at: url)
    }
    guard answer.status == 200 else { throw AuditFailure(answer) }
  }
}

extension AuditFailure {
  /// Nobody answered.
  init(_ error: HTTPClientError, at url: SidecarURL) {
    let cause = Printable.plain(error.cause)
    switch error.code {
    case .connect:
      words =
        "no sidecar answers at \(url) (\(cause)); start one with handoffd serve, or say with --url where it listens"
    case .resolve:
      words = "the host of \(url) is not known (\(cause)); say with --url where the sidecar listens"
    case .timeout: words = "\(url) did not answer in time (\(cause)); --timeout allows more"
    default: words = "\(url): \(cause)"
    }
  }

  /// The sidecar, or somebody in its place, refused.
  init(_ answer: HTTPAnswer) {
    let body = JSONValue(answer.body)
    let detail = (body?["detail"]?.text ?? body?["title"]?.text).map { Printable.plain($0, limit: 1_000) }
    let items = (body?["errors"] ?? .null).elements.prefix(20).map { item in
      let place = item["pointer"]?.text.map { "\n  \(Printable.plain($0, limit: 80)): " } ?? "\n  "
      return place + Printable.plain(item["message"]?.text ?? "", limit: 1_000)
    }
    let wait = answer.retryAfter.map { "; try again in \(DurationText.show($0))" } ?? ""
    words = (detail ?? "it answered \(answer.status), and not as a sidecar does") + wait + items.joined()
    isWrongUsage = answer.status == 400
  }
}

/// What can be done at a path, as the description of the API tells it.
struct Operation: Sendable {
  /// What the operations are put under.
  enum Tag: String, CaseIterable, Sendable {
    case telling
    case handoffs
    case tasks
    case agents
    case numbers
    case alerts
    case deadLetters = "dead letters"
    case sidecar

    /// What belongs there.
    var meaning: String {
      switch self {
      case .telling: "Telling the sidecar what happened."
      case .handoffs: "What happened to each handoff."
      case .tasks: "What belongs together."
      case .agents: "Who hands off to whom, and how they are."
      case .numbers: "What many handoffs come to."
      case .alerts: "What is wrong now, and what was."
      case .deadLetters: "Handoffs that were parked, and dealing with them."
      case .sidecar: "The sidecar itself."
      }
    }
  }

  /// What is done with parameters that are not described.
  enum Strangers: String, Sendable {
    case refused
    case ignored
  }

  var method: String
  var template: String
  /// A name for programs that are made from the description.
  var id: String
  var tag: Tag
  /// What it does, in a few words.
  var summary: String
  /// What else is to be known.
  var detail: String
  /// The segments of the path that are parameters.
  var path: [DescribedParameter] = []
  /// The parameters of the query.
  var query: [any QueryParameter] = []
  /// Header fields that have a meaning.
  var headers: [DescribedParameter] = []
  var strangers = Strangers.refused
  var body: RequestBody?
  var answers: [Answer]

  /// The parameter that a path such as `/v1/things/{id}` ends in.
  static func id(_ meaning: String, example: String) -> DescribedParameter {
    DescribedParameter(
      place: .path, name: "id", meaning: meaning + " A slash in it is written `%2F`.",
      schema: .filledText.withoutNUL, example: example)
  }
}

/// A body that is sent.
struct RequestBody: Sendable {
  /// A body in one media type.
  struct Form: Sendable {
    var type: String
    var schema: Schema
    /// Bodies to start from, each with a name; they work as they stand.
    var examples: [(name: String, body: JSONTree)]
  }

  var meaning: String
  var isRequired = true
  var forms: [Form]
}

/// What may be answered.
struct Answer: Sendable {
  /// The status; nil for all that are not told by themselves.
  var status: Int?
  var meaning: String
  /// The bodies by their media types.
  var forms: [(type: String, schema: Schema)]
  /// Header fields that say something, and whether they are always there.
  var headers: [(name: String, meaning: String, schema: Schema, isAlways: Bool)] = []
}

extension Answer {
  /// The good answer, as JSON.
  static func good(_ meaning: String, _ schema: Schema) -> Answer {
    Answer(status: 200, meaning: meaning, forms: [("application/json", schema)])
  }

  /// A problem.
  static func problem(_ status: Int?, _ meaning: String) -> Answer {
    Answer(
      status: status, meaning: meaning, forms: [("application/problem+json", .named("Problem"))],
      headers: status.flatMap { headers[$0] } ?? [])
  }

  /// What some statuses say besides.
  private static let headers = [
    415: [
      (name: "Accept", meaning: "The media types that are read.", schema: Schema.text, isAlways: false),
      (name: "Accept-Encoding", meaning: "The ways to pack a body.", schema: Schema.text, isAlways: false),
    ], 429: [retryAfter], 503: [retryAfter],
  ]

  private static let retryAfter = (
    name: "Retry-After", meaning: "Seconds after which to try again.", schema: Schema.count, isAlways: true
  )

  /// The parameters are at fault.
  static let badQuery = problem(
    400, "A parameter is unknown, stands twice, or has an impossible value; `errors` names each.")

  /// There is nothing of that id.
  static func unknown(_ what: String) -> Answer {
    problem(404, "No \(what) is known; what was just sent takes up to a second to be seen here.")
  }

  /// The database cannot be asked now.
  static let away = problem(
    503, "The database does not answer, or not in time; events are still taken in.")

  /// Everything that can go wrong on the way: lengths, methods, the server's own faults.
  static let other = problem(nil, "The request could not be read or served; `detail` says why.")
}

extension MetricsRoute {
  private static let names = DescribedParameter(
    name: "name[]", meaning: "Only families of these names; may stand several times.",
    schema: .list(.text.withoutNUL),
    example: "handoffd_build_info")

  static let operations = [
    Operation(
      method: "GET", template: "/metrics", id: "scrape", tag: .sidecar, summary: "Metrics for Prometheus",
      detail: "In the format that `Accept` asks for: text, OpenMetrics with exemplars, or protobuf.",
      query: [Described(described: names)], strangers: .ignored,
      answers: [
        Answer(
          status: 200, meaning: "All families.",
          forms: [
            ("text/plain", .text), ("application/openmetrics-text", .text),
            ("application/vnd.google.protobuf", .text),
          ]), .problem(503, "The sidecar is stopping."), .other,
      ])
  ]
}

/// A parameter that is only described here, and read by somebody else.
private struct Described: QueryParameter {
  let described: DescribedParameter
}

extension HealthRoutes {
  static let operations = [
    Operation(
      method: "GET", template: "/-/healthy", id: "askHealthy", tag: .sidecar, summary: "Whether it lives",
      detail: "Answers as long as the process does.", strangers: .ignored,
      answers: [Answer(status: 200, meaning: "It lives.", forms: [("text/plain", .text)]), .other]),
    Operation(
      method: "GET", template: "/-/ready", id: "askReady", tag: .sidecar, summary: "Whether it takes events",
      detail: "A database that is away does not make it unready: then it is `degraded`.", strangers: .ignored,
      answers: [
        .good("It takes events.", .named("SidecarReadiness")),
        Answer(
          status: 503, meaning: "It takes no events.",
          forms: [
            ("application/json", .named("SidecarReadiness")), ("application/problem+json", .named("Problem")),
          ]), .other,
      ]),
    Operation(
      method: "POST", template: "/-/reload", id: "reload", tag: .sidecar,
      summary: "Read settings and rules anew",
      detail: "As SIGHUP does.", strangers: .ignored,
      answers: [
        .good("What has changed.", .named("Reload")),
        .problem(413, "The body is larger than 1 KiB; none is needed."),
        .problem(422, "The new settings are faulty, and the old ones stay in force."), .other,
      ]),
  ]
}

extension Schema {
  /// The document's own schemas, by name.
  static let components: [(String, Schema)] =
    problems + handoffs + events + envelopes + tasks + agents + numbers + alerts + desk + sidecar
}

extension Schema {
  /// The document's own schemas, by name.
  static let components: [(String, Schema)] =
    problems + handoffs + events + tasks + agents + numbers + alerts + desk + sidecar
}

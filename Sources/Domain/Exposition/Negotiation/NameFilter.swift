/// The `name[]` parameters of a request: the families it wants, all where it names none.
public struct NameFilter: Sendable {
  private let names: Set<String>

  /// A filter by the names of families, with or without `_total` and `_info`.
  public init(_ names: some Sequence<String>) {
    self.names = Set(names)
  }

  /// Whether nothing is left out.
  public var isEmpty: Bool { names.isEmpty }

  /// Whether a family is wanted.
  public func includes(_ heading: Heading) -> Bool {
    names.isEmpty || names.contains(heading.name) || names.contains(heading.sampleName)
  }
}

/// The shape of a path, such as `/v1/things/{id}`.
public struct RoutePattern: Hashable, Sendable {
  /// One segment of it.
  enum Segment: Hashable, Sendable {
    case literal(String)
    case parameter(String)
  }

  /// The pattern as it was written: a closed set, so fit for a metric's label.
  public let template: String
  let segments: [Segment]

  /// Reads a pattern; segments in braces are parameters.
  public init(_ template: String) {
    self.template = template
    segments = template.split(separator: "/").map { part in
      part.hasPrefix("{") && part.hasSuffix("}")
        ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  /// Which path segment the parameter called `name` is.
  public func position(of name: String) -> Int? { segments.firstIndex(of: .parameter(name)) }

  /// Whether `path` has this shape.
  ///
  /// A parameter is never empty.
  func matches(_ path: [String]) -> Bool {
    guard path.count == segments.count else { return false }
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let literal): if literal != part { return false }
      case .parameter: if part.isEmpty { return false }
      }
    }
    return true
  }

  /// How many segments are literal: the more, the better the match.
  var weight: Int { segments.count { if case .literal = $0 { true } else { false } } }
}

/// A family as a reader of a page found it.
struct ReadFamily: Equatable {
  var name: String
  var type = ""
  var help = ""
  var unit = ""
  var samples: [ReadSample] = []
}

/// A sample as a reader of a page found it.
struct ReadSample: Equatable, CustomStringConvertible {
  var name: String
  var labels: [String]
  var value: Double
  var exemplar: String?

  var description: String { "\(name)\(labels) \(value) \(exemplar ?? "")" }

  /// Values that are not a number are the same here.
  static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.labels == right.labels && left.exemplar == right.exemplar
      && (left.value == right.value || left.value.isNaN && right.value.isNaN)
  }
}

struct ReadingFault: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

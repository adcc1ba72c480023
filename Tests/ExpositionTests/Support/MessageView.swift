@testable import Exposition

/// A family's message, seen as a reader of text would have found it.
struct MessageView {
  private(set) var family: ReadFamily

  init(_ message: ProtobufReader.Message) throws {
    let types = ["counter", "gauge", "summary", "untyped", "histogram"]
    family = ReadFamily(
      name: message.first(1)?.text ?? "", type: types[Int(message.first(3)?.number ?? 3)],
      help: message.first(2)?.text ?? "", unit: message.first(5)?.text ?? "")
    for metric in try message.messages(4) { try add(metric) }
  }

  private mutating func add(_ metric: ProtobufReader.Message) throws {
    let labels = try Self.labels(metric)
    for value in try metric.messages(2) + metric.messages(3) {
      add("", labels, value.first(1)?.double ?? 0)
    }
    for summary in try metric.messages(4) { try add(summary, labels, parts: 3, "", "quantile") }
    for histogram in try metric.messages(7) { try add(histogram, labels, parts: 3, "_bucket", "le") }
  }

  private mutating func add(
    _ whole: ProtobufReader.Message, _ labels: [String], parts: Int, _ suffix: String, _ name: String
  ) throws {
    for part in try whole.messages(parts) {
      let isBucket = name == "le"
      var shown: [UInt8] = []
      shown.append(openMetrics: part.first(isBucket ? 2 : 1)?.double ?? 0)
      let value = isBucket ? Double(part.first(1)?.number ?? 0) : part.first(2)?.double ?? 0
      let exemplar = try isBucket ? part.messages(3).first.map(Self.exemplar) : nil
      add(suffix, labels + ["\(name)=\(String(decoding: shown, as: UTF8.self))"], value, exemplar)
    }
    add("_sum", labels, whole.first(2)?.double ?? 0)
    add("_count", labels, Double(whole.first(1)?.number ?? 0))
  }

  private mutating func add(
    _ suffix: String, _ labels: [String], _ value: Double, _ exemplar: String? = nil
  ) {
    family.samples.append(
      ReadSample(name: family.name + suffix, labels: labels, value: value, exemplar: exemplar))
  }

  private static func labels(_ message: ProtobufReader.Message) throws -> [String] {
    try message.messages(1).map { "\($0.first(1)?.text ?? "")=\($0.first(2)?.text ?? "")" }
  }

  private static func exemplar(_ message: ProtobufReader.Message) throws -> String {
    let time = try message.messages(3).first.map {
      Int64(($0.first(1)?.number ?? 0) * 1_000_000 + ($0.first(2)?.number ?? 0) / 1000)
    }
    let labels = try message.messages(1).map { Label($0.first(1)?.text ?? "", $0.first(2)?.text ?? "") }
    return Exemplar(labels, value: message.first(2)?.double ?? 0, microseconds: time).map(Expectation.text)
      ?? ""
  }
}

/// The native part of a histogram's message.
struct NativeView {
  let count: Int64
  let schema: Int64
  let zeroThreshold: Double
  let zeroCount: Int64
  let spans: [(offset: Int64, length: Int)]
  let populations: [Int64]

  init(_ histogram: ProtobufReader.Message) throws {
    count = Int64(histogram.first(1)?.number ?? 0)
    schema = ProtobufReader.signed(histogram.first(5)?.number ?? 0)
    zeroThreshold = histogram.first(6)?.double ?? 0
    zeroCount = Int64(histogram.first(7)?.number ?? 0)
    spans = try histogram.messages(12).map {
      (ProtobufReader.signed($0.first(1)?.number ?? 0), Int($0.first(2)?.number ?? 0))
    }
    var packed = histogram.first(13)?.bytes ?? []
    var populations: [Int64] = []
    while !packed.isEmpty {
      populations.append((populations.last ?? 0) + ProtobufReader.signed(try ProtobufReader.varint(&packed)))
    }
    self.populations = populations
  }
}

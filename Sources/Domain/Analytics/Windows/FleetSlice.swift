import Bytes

/// A few seconds of all handoffs together.
struct FleetSlice: Sendable {
  var index = Int64.min
  var measures = Measures()
  var acknowledgement = SliceSketch()
  var duration = SliceSketch()
  var acknowledgementSpan = Extremes()
  var durationSpan = Extremes()

  var isEmpty: Bool { measures.isEmpty && acknowledgement.isEmpty && duration.isEmpty }

  func add(to values: inout WindowValues) {
    values.add(measures)
    acknowledgement.add(to: &values.acknowledgement)
    duration.add(to: &values.duration)
    values.acknowledgementSpan.merge(acknowledgementSpan)
    values.durationSpan.merge(durationSpan)
  }
}

// How a slice is written, to be read by other sidecars: a byte that says in which form, then everything in the order in
// which it is declared, little-endian; sketches as a count of entries and these.
extension FleetSlice {
  private static let form: UInt8 = 2

  var bytes: [UInt8] {
    var output = ByteWriter(capacity: 512)
    output.put(Self.form)
    measures.write(into: &output)
    for sketch in [acknowledgement, duration] {
      let entries = sketch.entries
      output.put(UInt32(clamping: entries.count))
      for entry in entries { output.put(entry) }
    }
    for span in [acknowledgementSpan, durationSpan] {
      output.put(span.least)
      output.put(span.greatest)
    }
    return output.bytes
  }

  /// What was written; nil where it is none, or of a form that is not known.
  init?(_ bytes: [UInt8]) {
    var input = ByteReader(bytes)
    guard input.integer(UInt8.self) == Self.form, let measures = Measures(&input),
      let acknowledgement = SliceSketch(&input), let duration = SliceSketch(&input),
      let acknowledgementSpan = Extremes(&input), let durationSpan = Extremes(&input), input.isAtEnd
    else { return nil }
    self.measures = measures
    self.acknowledgement = acknowledgement
    self.duration = duration
    self.acknowledgementSpan = acknowledgementSpan
    self.durationSpan = durationSpan
  }
}

extension SliceSketch {
  fileprivate init?(_ input: inout ByteReader) {
    guard let count = input.integer(UInt32.self), Int(count) <= (input.end - input.offset) / 4 else {
      return nil
    }
    self.init(entries: (0..<count).compactMap { _ in input.integer(UInt32.self) })
  }
}

extension Extremes {
  fileprivate init?(_ input: inout ByteReader) {
    guard let least = input.integer(Int64.self), let greatest = input.integer(Int64.self) else { return nil }
    if least <= greatest {
      observe(least)
      observe(greatest)
    }
  }
}

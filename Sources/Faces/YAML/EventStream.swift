internal import CYaml

/// One step of libyaml's parser.
struct Event {
  /// What happened.
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(YAMLScalar)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  var kind: Kind
  var mark: YAMLMark
  var anchor: String?
  var tag: String?
}

/// libyaml's parser over a text of our own; hands out its events one by one.
///
/// Owns the parser and a copy of the text, which libyaml reads in place.
@safe struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>
  private let isReady: Bool

  /// Prepares to read; when memory is out, the first event tells.
  init(_ bytes: [UInt8]) {
    unsafe parser = .allocate(capacity: 1)
    unsafe text = .allocate(capacity: bytes.count)
    _ = unsafe text.initialize(fromContentsOf: bytes)
    isReady = unsafe yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// The next event, or why there is none; after a fault there is no further event.
  mutating func next() -> Result<Event, YAMLFault> {
    guard isReady else { return .failure(YAMLFault(.limit, at: .start, "out of memory")) }
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { return .failure(fault()) }
    defer { unsafe yaml_event_delete(&raw) }
    return .success(unsafe Event(raw))
  }

  /// What libyaml says went wrong, with the place that helps most.
  private func fault() -> YAMLFault {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory"
    switch unsafe parser.pointee.error {
    case YAML_READER_ERROR:
      return YAMLFault(.syntax, at: mark(ofByte: unsafe parser.pointee.problem_offset), problem)
    case YAML_MEMORY_ERROR:
      return YAMLFault(.limit, at: .start, problem)
    default:
      let context = unsafe parser.pointee.context.map { unsafe " " + String(cString: $0) } ?? ""
      return YAMLFault(
        .syntax, at: unsafe YAMLMark(parser.pointee.problem_mark), problem + context)
    }
  }

  /// Line and column of a byte; the reader knows only offsets.
  private func mark(ofByte offset: Int) -> YAMLMark {
    var line = 1
    var column = 1
    let before = unsafe Array(text.prefix(max(offset, 0)))
    for byte in before {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return YAMLMark(line: line, column: column)
  }
}

extension YAMLMark {
  /// libyaml counts from zero.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }
}

extension Event {
  /// Copies what is needed out of libyaml's event, which is freed right after.
  @unsafe fileprivate init(_ raw: yaml_event_t) {
    mark = unsafe YAMLMark(raw.start_mark)
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(unsafe Event.text(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      kind = .scalar(unsafe YAMLScalar(raw.data.scalar))
      anchor = unsafe Event.text(raw.data.scalar.anchor)
      tag = unsafe Event.text(raw.data.scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      anchor = unsafe Event.text(raw.data.sequence_start.anchor)
      tag = unsafe Event.text(raw.data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      anchor = unsafe Event.text(raw.data.mapping_start.anchor)
      tag = unsafe Event.text(raw.data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd  // and YAML_NO_EVENT, which libyaml gives after the end of the stream
    }
  }

  @unsafe private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }
}

extension YAMLScalar {
  @unsafe fileprivate init(_ raw: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) {
    let bytes = unsafe UnsafeBufferPointer(start: raw.value, count: raw.length)
    text = unsafe String(decoding: bytes, as: UTF8.self)
    isQuoted = unsafe raw.style != YAML_PLAIN_SCALAR_STYLE
  }
}

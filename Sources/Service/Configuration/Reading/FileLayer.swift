import Wording
internal import YAML

/// The configuration file: a flat YAML mapping in snake_case.
struct FileLayer<Target: CommandSettings> {
  private(set) var layer = ConfigurationLayer()
  private let path: String

  /// Reads the file that `file` names.
  init(_ file: Given, _ files: ConfigurationFiles) {
    path = file.text
    switch files.read(path) {
    case .failure(let problem):
      layer.faults.append(
        ConfigurationFault(.file, at: file.origin, trying: "read \(Printable.plain(path))", problem.reason))
    case .success(let bytes): take(YAMLDocument.parse(bytes))
    }
  }

  private mutating func take(_ document: YAMLDocument) {
    layer.faults += document.faults.map { ConfigurationFault($0, in: path) }
    guard let root = document.root, root.scalar?.isNull != true else { return }
    guard let entries = root.mapping else {
      return fault(
        .file, root.mark, "the file must be a mapping of settings to values, such as retention: 90d")
    }
    for entry in entries { take(entry) }
  }

  private mutating func take(_ entry: YAMLEntry) {
    guard let option = OptionCatalogue.all.values.first(where: { OptionName.key($0.name) == entry.key })
    else {
      return unknown(entry)
    }
    guard option.name != ConfigurationReader<Target>.fileOption else {
      return fault(.unknown, entry.mark, "a file cannot name another file; say --config")
    }
    switch entry.value.content {
    case .scalar(let scalar): take(scalar, option, entry.value.mark)
    case .sequence(let nodes) where option.isRepeatable && !nodes.isEmpty:
      for node in nodes {
        guard let scalar = node.scalar else {
          fault(.value, node.mark, "an element of \(entry.key) must be a single value")
          continue
        }
        take(scalar, option, node.mark)
      }
    case .sequence(let nodes) where option.isRepeatable && nodes.isEmpty:
      fault(.value, entry.value.mark, "\(entry.key) is an empty list; name one, or leave the line out")
    default: fault(.value, entry.value.mark, "\(entry.key) must be a single value")
    }
  }

  private mutating func take(_ scalar: YAMLScalar, _ option: OptionCatalogue.Entry, _ mark: YAMLMark) {
    guard !scalar.isNull else {
      let key = OptionName.key(option.name)
      return fault(.value, mark, "\(key) has no value; write one, or leave the line out")
    }
    let origin = Origin.file(path, line: mark.line, column: mark.column)
    layer.givens.append(Given(name: option.name, text: scalar.text, origin: origin))
  }

  private mutating func unknown(_ entry: YAMLEntry) {
    let keys = OptionCatalogue.byKey.keys.sorted()
    let guess = Spelling.nearest(to: entry.key, among: keys).map { "did you mean \($0)?" }
    fault(.unknown, entry.mark, "there is no setting \(Printable.quote(entry.key))", guess)
  }

  private mutating func fault(
    _ code: ConfigurationFault.Code, _ mark: YAMLMark, _ cause: String, _ hint: String? = nil
  ) {
    let origin = Origin.file(path, line: mark.line, column: mark.column)
    layer.faults.append(ConfigurationFault(code, at: origin, cause, hint: hint))
  }
}

extension ConfigurationFault {
  /// A fault of the YAML itself.
  init(_ fault: YAMLFault, in path: String) {
    self.init(.file, at: .file(path, line: fault.mark.line, column: fault.mark.column), fault.reason)
  }
}

import Wording

/// One setting: its names, how its value is written, and where the value goes.
///
/// Everything else follows from a list of these: the command line, the environment, the file, the help, the documentation.
public struct Option<Target: CommandSettings>: Sendable {
  /// The name as a flag, without its dashes.
  public let name: String
  /// What is shown in the place of its value.
  public let placeholder: String
  /// What its value may be.
  public let grammar: String
  /// What it is for, in one sentence or two.
  public let help: String
  /// The heading that it stands under.
  public let group: OptionGroup
  /// When a change in the file takes effect.
  public let change: OptionChange
  /// Whether it is on or off and needs no value.
  public let isToggle: Bool
  /// Whether it can be given several times.
  public let isRepeatable: Bool
  /// Whether its value must never be printed.
  public let isSecret: Bool
  /// What holds when it is not given, in words or as its value; nil where nothing does.
  public let standard: String?
  /// Whether `standard` is words instead of a value.
  public let isStandardInWords: Bool

  /// Why a text cannot be its value; nil for a good one.
  let check: @Sendable (String) -> ValueFault?
  /// Puts good texts into the settings.
  let assign: @Sendable (inout Target, [String]) -> Void
  /// The values in some settings, as text.
  let show: @Sendable (Target) -> [String]
  /// Whether two settings hold the same value.
  let isSame: @Sendable (Target, Target) -> Bool

  /// Its name in the environment.
  public var variable: String { OptionName.variable(name) }

  /// Its name in the file.
  public var key: String { OptionName.key(name) }
}

extension Option {
  /// A setting of one value; its default is what new settings hold.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Target, Value> & Sendable, _ form: ValueForm<Value>,
    _ group: OptionGroup, _ change: OptionChange, _ help: String, standard: String? = nil
  ) {
    self.init(
      name, form, group, change, help, standard: standard,
      assign: { target, texts in
        if let text = texts.last, let value = try? form.read(text) { target[keyPath: path] = value }
      },
      show: { [form.show($0[keyPath: path])] }, isSame: { $0[keyPath: path] == $1[keyPath: path] })
  }

  /// A setting that may be absent.
  init<Value>(
    _ name: String, optional path: any WritableKeyPath<Target, Value?> & Sendable, _ form: ValueForm<Value>,
    _ group: OptionGroup, _ change: OptionChange, _ help: String, standard: String? = nil
  ) {
    self.init(
      name, form, group, change, help, standard: standard,
      assign: { target, texts in
        if let text = texts.last { target[keyPath: path] = try? form.read(text) }
      },
      show: { target in target[keyPath: path].map { [form.show($0)] } ?? [] },
      isSame: { $0[keyPath: path] == $1[keyPath: path] })
  }

  /// A setting that can be given several times.
  init<Value>(
    _ name: String, list path: any WritableKeyPath<Target, [Value]> & Sendable, _ form: ValueForm<Value>,
    _ group: OptionGroup, _ change: OptionChange, _ help: String
  ) {
    self.init(
      name, form, group, change, help, isRepeatable: true, standard: nil,
      assign: { target, texts in target[keyPath: path] = texts.compactMap { try? form.read($0) } },
      show: { $0[keyPath: path].map(form.show) }, isSame: { $0[keyPath: path] == $1[keyPath: path] })
  }

  private init<Value>(
    _ name: String, _ form: ValueForm<Value>, _ group: OptionGroup, _ change: OptionChange, _ help: String,
    isRepeatable: Bool = false, standard: String?,
    assign: @escaping @Sendable (inout Target, [String]) -> Void,
    show: @escaping @Sendable (Target) -> [String], isSame: @escaping @Sendable (Target, Target) -> Bool
  ) {
    self.name = name
    self.placeholder = form.placeholder
    self.grammar = form.grammar
    self.help = help
    self.group = group
    self.change = change
    self.isToggle = Value.self == Bool.self
    self.isRepeatable = isRepeatable
    self.isSecret = form.isSecret
    self.standard = standard ?? show(Target()).first
    isStandardInWords = standard != nil
    self.assign = assign
    self.show = show
    self.isSame = isSame
    check = { text in
      do throws(ValueFault) {
        _ = try form.read(text)
        return nil
      } catch {
        return error
      }
    }
  }
}

/// When a changed setting takes effect.
public enum OptionChange: String, Sendable {
  /// With the next reload.
  case reload
  /// With the next start; a reload says so.
  case restart
}

/// The headings of help and documentation.
public enum OptionGroup: String, CaseIterable, Sendable {
  case listening = "Listening"
  case storing = "Storing"
  case meaning = "Meaning"
  case limits = "Limits"
  case logging = "Logging"
  case sending = "Sending"
  case asking = "Asking"
  case filters = "Filters of handoffs"
  case writing = "Writing"
  case general = "General"
}

/// The three ways to write the name of a setting.
enum OptionName {
  /// In the environment.
  static func variable(_ name: String) -> String {
    "HANDOFFD_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
  }

  /// On the command line, from the name in the file.
  static func flag(_ key: String) -> String { String(key.map { $0 == "_" ? "-" : $0 }) }

  /// In the file.
  static func key(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}

// The help, made from the table of options, so that it cannot lag behind it. Lines end before column 80.

extension CommandLineForm {
  /// The whole help of the subcommand.
  public var help: String {
    let title = "handoffd \(words): \(subcommand.summary)"
    let operand = operands.isEmpty ? "" : " " + operands
    let usage = "Usage: handoffd \(words) [flags]\(operand)"
    let groups = OptionGroup.allCases.compactMap(section)
    let names = Target.options.first { $0.name.contains("-") && !$0.isToggle }.map { option in
      "Every flag has a twin in the environment and in the file: --\(option.name) is \(option.variable) and "
        + "\(option.key). A flag wins over the environment, that over the file, that over the default. Durations are "
        + "written like 250ms, 30s, 5m, 12h, 90d, sizes like 64KiB, 8MiB, 2GiB."
    }
    let parts =
      [title, usage, Paragraph.wrapAll(introduction)] + groups + [
        names.map { Paragraph.wrap($0) } ?? "", exampleSection,
      ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func section(_ group: OptionGroup) -> String? {
    let options = Target.options.filter { $0.group == group }
    guard !options.isEmpty else { return nil }
    return ([group.rawValue] + options.map(entry)).joined(separator: "\n")
  }

  private func entry(_ option: Option<Target>) -> String {
    let value = option.isToggle ? "" : " " + option.placeholder
    let standard = option.standard.map { option.isToggle ? "" : "Default: \($0)." } ?? ""
    let text = [option.help, standard].filter { !$0.isEmpty }.joined(separator: " ")
    return "  --\(option.name)\(value)\n" + Paragraph.wrap(text, indent: 6)
  }

  private var exampleSection: String {
    let lines = examples.map { "  \($0.line)\n      \($0.does)" }
    return lines.isEmpty ? "" : "Examples\n" + lines.joined(separator: "\n")
  }
}

/// The help of the program as a whole.
public enum Overview {
  /// What the program is, and where to go on.
  public static var help: String {
    let width = Subcommand.allCases.map(\.rawValue.count).max() ?? 0
    let lines = Subcommand.allCases.map { subcommand in
      let name = subcommand.rawValue
      return "  \(name)\(String(repeating: " ", count: width - name.count))  \(subcommand.summary)"
    }
    return """
      handoffd sees every handoff between AI agents: it takes the events in, keeps
      the record in PostgreSQL, and answers afterwards what happened.

      Usage: handoffd <subcommand> [flags]

      \(lines.joined(separator: "\n"))

      Start with handoffd serve. handoffd help serve explains its settings.
      Exit codes: 0 done, 1 the thing asked for failed, 2 wrong usage.

      """
  }
}

/// Text in lines that fit a terminal.
enum Paragraph {
  /// Wraps each of several paragraphs, which have empty lines between them.
  static func wrapAll(_ text: String) -> String {
    text.split(separator: "\n\n").map { wrap($0.replacing("\n", with: " ")) }.joined(separator: "\n\n")
  }

  /// Breaks at spaces; a word that is longer than a line keeps a line of its own.
  static func wrap(_ text: some StringProtocol, indent: Int = 0, width: Int = 79) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width - indent {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    let margin = String(repeating: " ", count: indent)
    return lines.map { margin + $0 }.joined(separator: "\n")
  }
}

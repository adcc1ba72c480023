/// The reference of all settings as Markdown, for `docs/configuration.md`.
public enum ReferencePage {
  /// A table for each subcommand that has settings.
  public static var markdown: String {
    section(Settings.serve) + "\n" + section(SendSettings.send)
  }

  private static func section<Target>(_ form: CommandLineForm<Target>) -> String {
    let head = """
      ## handoffd \(form.subcommand.rawValue)

      | flag | what it is for | values | default | a change takes effect |
      |---|---|---|---|---|

      """
    return head + Target.options.map(row).joined()
  }

  private static func row<Target>(_ option: Option<Target>) -> String {
    let standard = option.standard.map { $0.hasPrefix("$") || option.isToggle ? $0 : "`\($0)`" } ?? ""
    let cells = ["`--\(option.name)`", option.help, option.grammar, standard, "on \(option.change.rawValue)"]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }
}

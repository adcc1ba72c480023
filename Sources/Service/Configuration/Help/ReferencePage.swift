/// The reference of all settings as Markdown, for `docs/configuration.md`.
public enum ReferencePage {
  /// A table for each subcommand that has settings.
  public static var markdown: String {
    let serve = section(Settings.serve, ["flag", "what it is for", "values", "default", "takes effect on"]) {
      option in
      [option.change.rawValue]
    }
    let send = section(SendSettings.send, ["flag", "what it is for", "values", "default"]) { _ in [] }
    let audit = section(AuditSettings.audit, ["flag", "what it is for", "values", "default"]) { _ in [] }
    let export = section(ExportSettings.export, ["flag", "what it is for", "values", "default"]) { _ in [] }
    let rules = section(PreviewSettings.preview, ["flag", "what it is for", "values", "default"]) { _ in [] }
    return [serve, send, audit, export, rules].joined(separator: "\n")
  }

  private static func section<Target>(
    _ form: CommandLineForm<Target>, _ columns: [String], _ further: (Option<Target>) -> [String]
  ) -> String {
    let title = "## handoffd \(form.words)\n\n"
    let rows = Target.options.map { line(cells($0) + further($0)) }
    return title + line(columns) + line(columns.map { _ in "---" }) + rows.joined()
  }

  private static func cells<Target>(_ option: Option<Target>) -> [String] {
    let standard = option.standard.map { option.isStandardInWords ? $0 : "`\($0)`" } ?? ""
    return ["`--\(option.name)`", option.help, option.grammar, standard]
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }
}

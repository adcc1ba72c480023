extension ServeCommand {
  /// Runs the sidecar in this process.
  static let start: Start = { _, _ in
    Console.standard.error("cannot serve: this tree has no sidecar yet\n")
    return Program.Exit.failed
  }
}

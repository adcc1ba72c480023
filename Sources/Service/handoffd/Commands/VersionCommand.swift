import Platform

/// `handoffd version`: says which program this is.
struct VersionCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    guard arguments.isEmpty else { return program.wrongUsage("handoffd version takes no flags and no words") }
    let build = BuildIdentity.of(commit: Commit.hash)
    program.console.print(
      "handoffd \(build.version) (commit \(build.commit), \(build.kind) build, "
        + "Swift \(build.swift), \(build.processor))\n")
    return Program.Exit.done
  }
}

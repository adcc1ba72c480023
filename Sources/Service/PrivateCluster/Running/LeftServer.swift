import Platform

/// The server that an earlier sidecar left running, if there is one.
enum LeftServer {
  /// There is none, or only remains that end by themselves or are made to.
  case none
  /// It is just as this sidecar would start it.
  case fitting(OtherProcess)
  /// It runs in our cluster, but otherwise than it should; why.
  case unfit(OtherProcess, String)

  /// Looks for it, without harm to whoever has the noted process id now.
  static func find(_ plan: ServerPlan) -> LeftServer {
    guard let text = try? ClusterLayout.text(plan.layout.postmasterFile), let note = PostmasterFile(text),
      !note.isStandalone, let process = OtherProcess(note.pid), process.works(in: plan.cluster)
    else { return .none }
    if note.status == .stopping { return .unfit(process, "it was stopping") }
    let program = try? Directory.canonical(plan.commands.binaries.postgres)
    // A program that was replaced since has ` (deleted)` behind its name.
    if program == nil || process.executable != program { return .unfit(process, "it is another program") }
    let options = (try? ClusterLayout.text(plan.layout.optionsFile)) ?? ""
    let expected = plan.arguments.map { " \"\($0)\"" }.joined() + "\n"
    if !options.hasSuffix(expected) { return .unfit(process, "it was started with other settings") }
    return .fitting(process)
  }
}

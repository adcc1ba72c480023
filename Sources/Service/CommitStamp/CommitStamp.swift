// Compiles the commit into the program: a build command that runs again when git's HEAD moves.
//
// The generated file lives in the build directory, so the tree stays clean and a plain `swift build` is enough. A source
// tree without git builds too, and says "unknown".
import Foundation
import PackagePlugin

@main
struct CommitStamp: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "Commit.swift")
    let script = """
      commit=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
      printf 'enum Commit {\\n  static let hash = "%s"\\n}\\n' "$commit" > "$2"
      """
    return [
      .buildCommand(
        displayName: "Stamping the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", script, "sh", root.path, output.path],
        inputFiles: heads(of: root), outputFiles: [output])
    ]
  }

  /// The files that change with the commit; in a worktree `.git` only says where they are.
  private func heads(of root: URL) -> [URL] {
    var git = root.appending(path: ".git")
    if let pointer = try? String(contentsOf: git, encoding: .utf8), pointer.hasPrefix("gitdir: ") {
      let path = pointer.dropFirst("gitdir: ".count).trimmingCharacters(in: .whitespacesAndNewlines)
      git = URL(filePath: path, relativeTo: root)
    }
    let files = ["HEAD", "logs/HEAD"].map { git.appending(path: $0) }
    return files.filter { FileManager.default.fileExists(atPath: $0.path) }
  }
}

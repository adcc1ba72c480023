// Nothing may be left behind by a test run, also when the run itself is killed with SIGKILL.
//
// A shell child reads the names of the run's temporary directories from a pipe whose other end only this process
// has. When the pipe ends, for whatever reason, every process that works in one of the directories is ended
// (SIGQUIT, so that PostgreSQL gives back its shared memory; then SIGKILL), and the directories are removed.
// Directories are looked for, not process ids, because an id may be another's by then.
import Glibc
import Platform
import Synchronization

/// Ends what works in temporary directories, and removes them, when this process ends.
final class Undertaker: Sendable {
  static let shared = Undertaker()

  private let orders: FileDescriptor?
  private let child: ChildProcess?

  private init() {
    let ends = try? FileDescriptor.pipe()
    orders = ends?.write
    child = ends.flatMap { ends in
      try? ChildProcess.spawn(
        Command(
          "/bin/sh", ["-c", Self.script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/",
          input: ends.read, output: .discard, errors: .discard))
    }
    atexit { Undertaker.shared.finish() }
  }

  /// From now on `directory` goes with this process.
  func take(_ directory: String) {
    try? orders?.write(all: Array("+ \(directory)\n".utf8))
  }

  /// `directory` is gone already.
  func release(_ directory: String) {
    try? orders?.write(all: Array("- \(directory)\n".utf8))
  }

  private func finish() {
    try? orders?.write(all: Array("end\n".utf8))
    _ = child?.wait(until: SystemTime().now() + .seconds(10))
  }

  private static let script = """
    list=""
    nl='
    '
    while read -r verb path; do
      case $verb in
      +) list="$list$path$nl" ;;
      -) list=$(printf '%s' "$list" | grep -vxF -- "$path"; printf x); list="${list%x}" ;;
      *) break ;;
      esac
    done
    workers() {
      for process in /proc/[0-9]*; do
        at=$(readlink "$process/cwd" 2>/dev/null) || continue
        case "$at" in "$1" | "$1/"*) echo "${process#/proc/}" ;; esac
      done
    }
    printf '%s' "$list" | while read -r directory; do
      for pid in $(workers "$directory"); do kill -CONT "$pid"; kill -QUIT "$pid"; done
      round=0
      while [ $round -lt 30 ] && [ -n "$(workers "$directory")" ]; do sleep 0.1; round=$((round + 1)); done
      for pid in $(workers "$directory"); do kill -KILL "$pid"; done
      rm -rf "$directory"
    done
    """
}

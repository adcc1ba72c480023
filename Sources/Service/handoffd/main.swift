import Configuration
import Glibc
import Platform

Signals.ignorePipe()
let reserved = StandardStreams.reserve()
let program = Program(
  environment: Environment.all(), files: .system, console: .standard, time: SystemTime(),
  serve: ServeCommand.start)
exit(program.run(Array(CommandLine.arguments.dropFirst())))

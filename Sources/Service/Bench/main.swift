// The benchmark: what the sidecar does, each time beside what its parts could do with nothing else in
// between, in one run on one machine. Absolute figures depend on the machine; the ratios are what counts.
//
//   handoffd-bench              every scenario
//   handoffd-bench NAME…        some of them
//   handoffd-bench --short …    a tenth of the load, to see whether it runs
import Glibc
import Platform

var names = Array(CommandLine.arguments.dropFirst())
let isShort = names.contains("--short")
names.removeAll { $0 == "--short" }
let bench = Bench(scale: isShort ? 0.1 : 1)
let unknown = names.filter { name in !Bench.scenarios.contains { $0.name == name } }
guard unknown.isEmpty else {
  print("handoffd-bench: there is no scenario \(unknown.joined(separator: ", "))")
  print("scenarios: \(Bench.scenarios.map(\.name).joined(separator: " "))")
  exit(2)
}
exit(bench.run(names.isEmpty ? Bench.scenarios.map(\.name) : names))

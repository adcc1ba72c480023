// The benchmark: what the sidecar does, each time beside what its parts could do with nothing else in
// between, in one run on one machine. Absolute figures depend on the machine; the ratios are what counts.
//
//   handoffd-bench              every scenario
//   handoffd-bench NAME…        some of them
//   handoffd-bench --short …    a tenth of the load, to see whether it runs
//   handoffd-bench --against PROGRAM against    this build and another one end to end, in turns
import Glibc
import Platform

var names = Array(CommandLine.arguments.dropFirst())
let isShort = names.contains("--short")
names.removeAll { $0 == "--short" }
var other: String?
if let option = names.firstIndex(of: "--against"), option + 1 < names.count {
  other = names[option + 1]
  names.removeSubrange(option...option + 1)
}
let bench = Bench(scale: isShort ? 0.1 : 1, other: other)
let known = (Bench.scenarios + Bench.onRequest).map(\.name)
let unknown = names.filter { !known.contains($0) }
guard unknown.isEmpty else {
  print("handoffd-bench: there is no scenario \(unknown.joined(separator: ", "))")
  print("scenarios: \(known.joined(separator: " "))")
  exit(2)
}
exit(bench.run(names.isEmpty ? Bench.scenarios.map(\.name) : names))

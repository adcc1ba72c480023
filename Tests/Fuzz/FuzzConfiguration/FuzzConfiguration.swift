// Arbitrary bytes as a configuration file, and what stands before their first NUL as a command line and an environment.
// Nothing may trap, no fault may be without words, and no message may carry a control character to a terminal.
import Configuration

/// Called by libFuzzer for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let words = bytes.prefix { $0 != 0 }
  let file = words.count < bytes.count ? Array(bytes[(words.count + 1)...]) : bytes
  let arguments = words.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  read(["--config", "f"] + arguments, [:], file, Settings.serve)
  read(["--config", "f", "--rules", "f"], variables(arguments), file, Settings.check)
  read(["--config", "f"] + arguments, variables(arguments), file, SendSettings.send)
  return 0
}

private func variables(_ words: [String]) -> [String: String] {
  let pairs = words.map { word -> (String, String) in
    let name = word.prefix { $0 != "=" }
    return ("HANDOFFD_\(name)", String(word.dropFirst(name.count + 1)))
  }
  return Dictionary(pairs) { first, _ in first }
}

private func read<Target: CommandSettings>(
  _ arguments: [String], _ environment: [String: String], _ file: [UInt8], _ form: CommandLineForm<Target>
) {
  let files = ConfigurationFiles(read: { _ in .success(file) }, workingDirectory: { "/" })
  let reader = ConfigurationReader(form: form, environment: environment, files: files)
  switch reader.read(arguments) {
  case .help: break
  case .ready(let loaded): precondition(!loaded.effective.isEmpty)
  case .faulty(let faults):
    precondition(!faults.faults.isEmpty)
    for fault in faults.faults {
      let line = fault.description
      precondition(
        !line.isEmpty && line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }
}

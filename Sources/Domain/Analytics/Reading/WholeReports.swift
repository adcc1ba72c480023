import Bytes

/// What a `rollback` says.
enum RollbackReport {
  /// Whether any of its steps failed.
  static func hasFailure(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let steps = JSONPieces.member("steps", of: bytes, range) else { return false }
    return JSONPieces.elements(of: bytes, steps).contains { step in
      guard let status = JSONPieces.text("status", of: bytes, step) else { return false }
      let word = String(decoding: status.prefix(16), as: UTF8.self).lowercased()
      return word == "failed" || word == "failure" || word == "error"
    }
  }
}

/// What a `validation` says.
enum ValidationReport {
  /// The rules that did not pass, and how bad that is; one without name where it is only said to be invalid.
  static func failures(_ bytes: [UInt8], _ range: Range<Int>) -> [(rule: [UInt8], ResultSeverity)] {
    var failures: [(rule: [UInt8], ResultSeverity)] = []
    let results = JSONPieces.member("results", of: bytes, range).map { JSONPieces.elements(of: bytes, $0) }
    for result in results ?? [] where JSONPieces.truth("passed", of: bytes, result) == false {
      let rule = JSONPieces.text("rule", of: bytes, result) ?? []
      failures.append((Array(rule.prefix(256)), severity(bytes, result)))
    }
    if failures.isEmpty, JSONPieces.truth("valid", of: bytes, range) == false { return [([], .error)] }
    return failures
  }

  /// An error where it does not say.
  private static func severity(_ bytes: [UInt8], _ result: Range<Int>) -> ResultSeverity {
    guard let word = JSONPieces.text("severity", of: bytes, result) else { return .error }
    return ResultSeverity.list.word(word, word.indices)
  }
}

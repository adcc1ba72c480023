import Bytes
import Envelopes

extension JSONWriter {
  /// What a check of an envelope came to; what is not known is null.
  mutating func envelopeReport(
    _ report: EnvelopeReport, _ target: AgentFigures?, _ circumstances: Circumstances, unchecked: [String]
  ) {
    object {
      $0.member("valid", flag: report.isValid)
      $0.member("score", report.score)
      $0.member("form", report.form)
      $0.key("errors")
      $0.array(report.errors) { $0.finding($1) }
      $0.key("warnings")
      $0.array(report.warnings) { $0.finding($1) }
      $0.sections(of: report)
      $0.figures(of: report)
      $0.checksum(of: report)
      $0.member("hop", report.hop)
      $0.member("deadline_headroom_seconds", report.headroom)
      $0.key("target")
      if let target { $0.readiness(of: target.agent, target) } else { $0.null() }
      $0.member("upstream_handoff_id", circumstances.upstream?.handoffID)
      $0.key("unchecked")
      $0.array(unchecked) { $0.text($1) }
    }
  }

  private mutating func finding(_ finding: Finding) {
    object {
      $0.member("code", finding.code)
      $0.member("pointer", finding.pointer)
      $0.member("message", finding.message)
    }
  }

  private mutating func sections(of report: EnvelopeReport) {
    key("sections")
    object {
      $0.key("present")
      $0.array(report.sections) { $0.text($1) }
      $0.key("missing")
      $0.array(report.missingSections) { $0.text($1) }
      $0.member("ratio", report.sectionsRatio)
    }
  }

  private mutating func figures(of report: EnvelopeReport) {
    key("tokens")
    object {
      $0.member("budget", report.tokens.budget)
      $0.member("used", report.tokens.used)
      $0.member("trimmed", report.tokens.trimmed)
      $0.member("utilization", report.utilization)
    }
    key("memory_refs")
    object {
      $0.member("requested", report.references.requested)
      $0.member("resolved", report.references.resolved)
      $0.member("completeness", report.completeness)
    }
  }

  private mutating func checksum(of report: EnvelopeReport) {
    key("checksum")
    object {
      $0.member("stated", report.statedChecksum)
      $0.member("computed", report.computedChecksum)
      $0.key("matches")
      if let isRight = report.isChecksumRight { $0.flag(isRight) } else { $0.null() }
      $0.member("over", report.checksumForm)
    }
  }
}

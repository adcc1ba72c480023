import Catalogue
import Exposition
import Platform

/// What the system says of this process, asked once a second at most.
///
/// So a page on which nothing else has changed is the same page.
final class ProcessWatch: Sendable {
  private let time: any TimeSource
  private let latest: Guarded<(at: MonotonicInstant, sample: ProcessSample)>

  init(time: any TimeSource) {
    self.time = time
    latest = Guarded((time.now(), ProcessSample.now()))
  }

  var sample: ProcessSample {
    let now = time.now()
    return latest.withLock { latest in
      if now >= latest.at + .seconds(1) { latest = (now, ProcessSample.now()) }
      return latest.sample
    }
  }
}

extension ProcessSample {
  /// The process, under the names every Prometheus client uses.
  var samples: [Metric: [Sample]] {
    [
      .processCPU: [Sample(cpuSeconds)],
      .processResidentMemory: [Sample(residentBytes)],
      .processVirtualMemory: [Sample(virtualBytes)],
      .processOpenFiles: [Sample(openFiles)],
      .processMaxFiles: [Sample(maxFiles)],
      .processStartTime: [Sample(startTime)],
    ]
  }
}

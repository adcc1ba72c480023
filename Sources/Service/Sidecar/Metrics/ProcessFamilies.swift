import Exposition
import Platform

extension ProcessSample {
  /// What the system says of this process, under the names every Prometheus client uses.
  var families: [Family] {
    [
      Family(
        "process_cpu_seconds", .counter, "Total user and system CPU time spent in seconds.",
        [Sample(cpuSeconds)]),
      Family(
        "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", [Sample(residentBytes)]),
      Family("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", [Sample(virtualBytes)]),
      Family("process_open_fds", .gauge, "Number of open file descriptors.", [Sample(openFiles)]),
      Family("process_max_fds", .gauge, "Maximum number of open file descriptors.", [Sample(maxFiles)]),
      Family(
        "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
        [Sample(startTime)]),
    ]
  }
}

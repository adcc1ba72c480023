import Glibc

/// What the system says about this process at one moment.
public struct ProcessSample: Hashable, Sendable {
  /// Processor time used, in seconds.
  public var cpuSeconds: Double
  /// Memory in RAM.
  public var residentBytes: Int64
  /// Address space.
  public var virtualBytes: Int64
  /// Open file descriptors.
  public var openFiles: Int
  /// How many may be open.
  public var maxFiles: Int
  /// Threads.
  public var threads: Int
  /// When the process started, in seconds since the Unix epoch.
  public var startTime: Double

  /// Takes a sample.
  public static func now() -> ProcessSample {
    var cpu = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu)
    let fields = statFields()
    func field(_ number: Int) -> Int64 {
      fields.indices.contains(number - 3) ? fields[number - 3] : 0
    }
    return ProcessSample(
      cpuSeconds: Double(cpu.tv_sec) + Double(cpu.tv_nsec) * 1e-9,
      residentBytes: field(24) &* Int64(sysconf(Int32(_SC_PAGESIZE))),
      virtualBytes: field(23),
      // The directory is open while it is listed.
      openFiles: max(0, ((try? Directory.list("/proc/self/fd"))?.count ?? 0) - 1),
      maxFiles: OpenFileLimit.current,
      threads: Int(field(20)),
      startTime: bootTime + Double(field(22)) / Double(sysconf(Int32(_SC_CLK_TCK))))
  }

  /// The fields of /proc/self/stat from the third on (the second, the program's name, may hold spaces).
  private static func statFields() -> [Int64] {
    let text = read("/proc/self/stat")
    guard let close = text.lastIndex(of: ")") else { return [] }
    return text[text.index(after: close)...].split(separator: " ").map { Int64($0) ?? 0 }
  }

  private static let bootTime: Double = {
    let line = read("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Double($0.dropFirst(6)) } ?? 0
  }()

  private static func read(_ path: String) -> String {
    let bytes = try? FileDescriptor.open(path, .read).readToEnd(limit: 1 << 20)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }
}

/// How many files this process may have open.
public enum OpenFileLimit {
  /// The limit now.
  public static var current: Int { Int(clamping: limits().rlim_cur) }

  /// Raises it as far as the system lets this process, and returns what it is then.
  @discardableResult
  public static func raise() -> Int {
    var limit = limits()
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    return current
  }

  private static func limits() -> rlimit {
    var limit = rlimit()
    _ = unsafe getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    return limit
  }
}

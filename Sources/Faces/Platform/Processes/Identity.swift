import Glibc

/// Who and where this process is.
public enum Identity {
  /// A user of this machine.
  public struct User: Hashable, Sendable {
    /// The user's name.
    public var name: String
    /// The user's number.
    public var uid: UInt32
    /// The number of the user's first group.
    public var gid: UInt32
    /// The home directory.
    public var home: String
  }

  /// This process's number.
  public static var pid: Int32 { getpid() }
  /// The effective user.
  public static var uid: UInt32 { geteuid() }
  /// The effective group.
  public static var gid: UInt32 { getegid() }
  /// Whether the effective user is root.
  public static var isRoot: Bool { geteuid() == 0 }

  /// The user called `name`, nil when there is none.
  public static func user(named name: String) -> User? {
    unsafe entry { unsafe getpwnam_r(name, $0, $1, $2, $3) }
  }

  /// The user with the number `uid`, nil when there is none.
  public static func user(uid: UInt32) -> User? {
    unsafe entry { unsafe getpwuid_r(uid, $0, $1, $2, $3) }
  }

  private static func entry(
    _ call: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) -> User? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    let size = 16_384
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: size)
    defer { unsafe text.deallocate() }
    guard unsafe call(&entry, text, size, &found) == 0, unsafe found != nil else { return nil }
    let home = unsafe entry.pw_dir.map { unsafe String(cString: $0) } ?? "/"
    let name = unsafe entry.pw_name.map { unsafe String(cString: $0) } ?? ""
    return unsafe User(name: name, uid: entry.pw_uid, gid: entry.pw_gid, home: home)
  }

  /// The machine's name.
  public static var hostName: String {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return "localhost" }
    return unsafe withUnsafePointer(to: &name.nodename) { tuple in
      unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 65) { unsafe String(cString: $0) }
    }
  }
}

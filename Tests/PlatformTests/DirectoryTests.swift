import Platform
import Testing

struct DirectoryTests {
  @Test func `missing parents are made, and what is there is kept`() throws {
    try withScratch { scratch in
      try Directory.create(scratch + "/a/b/c")
      try Directory.create(scratch + "/a/b/c")
      #expect(try FileStatus.of(scratch + "/a/b/c")?.kind == .directory)
      #expect(try FileStatus.of(scratch + "/a")?.mode == 0o700)
      #expect(try FileStatus.of(scratch + "/a/x") == nil)
    }
  }

  @Test func `a file in the way of a directory is an error`() throws {
    try withScratch { scratch in
      _ = try FileDescriptor.open(scratch + "/a", [.write, .create])
      #expect(throws: SystemError.self) { try Directory.create(scratch + "/a") }
      #expect(throws: SystemError.self) { try Directory.create(scratch + "/a/b") }
    }
  }

  @Test func `names are listed in order, renamed and removed`() throws {
    try withScratch { scratch in
      for name in ["b", "a", "ü"] { _ = try FileDescriptor.open("\(scratch)/\(name)", [.write, .create]) }
      #expect(try Directory.list(scratch) == ["a", "b", "ü"])
      try Directory.rename(scratch + "/b", to: scratch + "/c")
      try Directory.remove(scratch + "/a")
      try Directory.sync(scratch)
      #expect(try Directory.list(scratch) == ["c", "ü"])
      #expect(Directory.exists(scratch + "/c"))
      #expect(!Directory.exists(scratch + "/b"))
    }
  }

  @Test func `a tree is removed without following links`() throws {
    try withScratch { scratch in
      try Directory.create(scratch + "/outside")
      _ = try FileDescriptor.open(scratch + "/outside/keep", [.write, .create])
      try Directory.create(scratch + "/tree/deep/deeper")
      let link = Command("/bin/ln", ["-s", scratch + "/outside", scratch + "/tree/deep/link"])
      #expect(try link.run(until: soon()).code == 0)
      try Directory.removeTree(scratch + "/tree")
      try Directory.removeTree(scratch + "/tree")
      #expect(try Directory.list(scratch) == ["outside"])
      #expect(try Directory.list(scratch + "/outside") == ["keep"])
    }
  }

  @Test func `only one has the lock, and the other learns who`() throws {
    try withScratch { scratch in
      let path = scratch + "/LOCK"
      do {
        let lock = try FileLock(path)
        #expect(throws: FileLock.Failure.held(by: Identity.pid)) { try FileLock(path) }
        withExtendedLifetime(lock) {}
      }
      _ = try FileLock(path)
      #expect(throws: FileLock.Failure.self) { try FileLock(scratch + "/none/LOCK") }
    }
  }

  @Test func `a child does not inherit the lock`() throws {
    try withScratch { scratch in
      let child: ChildProcess
      do {
        let lock = try FileLock(scratch + "/LOCK")
        child = try ChildProcess.spawn(Command("/bin/sleep", ["60"]))
        withExtendedLifetime(lock) {}
      }
      #expect(throws: Never.self) { try FileLock(scratch + "/LOCK") }
      child.signal(.kill)
      #expect(child.wait(until: soon()) == 137)
    }
  }
}

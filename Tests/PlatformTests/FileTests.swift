import Platform
import Testing

struct FileTests {
  @Test func `what was written is read back, at any offset`() throws {
    try withScratch { scratch in
      let file = try FileDescriptor.open(scratch + "/a", [.read, .write, .create, .exclusive])
      try file.write(all: Array("hello".utf8), at: 3)
      try file.sync()
      #expect(try file.read(count: 100, at: 0) == [0, 0, 0] + Array("hello".utf8))
      #expect(try file.read(count: 2, at: 4) == Array("el".utf8))
      #expect(try file.read(count: 2, at: 400) == [])
      #expect(try file.size() == 8)
      try file.truncate(to: 4)
      #expect(try file.read(count: 100, at: 3) == Array("h".utf8))
    }
  }

  @Test func `a span is filled as far as the file goes`() throws {
    try withScratch { scratch in
      let file = try FileDescriptor.open(scratch + "/a", [.read, .write, .create])
      try file.write(all: [1, 2, 3])
      var buffer = [UInt8](repeating: 9, count: 5)
      var span = buffer.mutableSpan
      let count = try file.read(into: &span, at: 1)
      #expect(count == 2)
      #expect(buffer == [2, 3, 9, 9, 9])
    }
  }

  @Test func `allocation makes the file long and keeps what is in it`() throws {
    try withScratch { scratch in
      let file = try FileDescriptor.open(scratch + "/a", [.read, .write, .create])
      try file.write(all: [7])
      try file.allocate(1 << 20)
      let status = try file.status()
      #expect(status.size == 1 << 20)
      #expect(status.allocated >= 1 << 20)
      #expect(try file.read(count: 2, at: 0) == [7, 0])
    }
  }

  @Test func `a new file is private`() throws {
    try withScratch { scratch in
      let file = try FileDescriptor.open(scratch + "/a", [.write, .create])
      let status = try file.status()
      #expect(status.mode == 0o600)
      #expect(status.owner == Identity.uid)
      #expect(status.kind == .file)
    }
  }

  @Test func `a path with NUL is refused and not cut`() throws {
    try withScratch { scratch in
      #expect(throws: SystemError(call: "open", subject: "\(scratch)/a\0b", errno: 22)) {
        try FileDescriptor.open(scratch + "/a\0b", [.write, .create])
      }
      let names = try Directory.list(scratch)
      #expect(names == [])
    }
  }

  @Test func `an error says what was tried on what and why`() {
    let error = #expect(throws: SystemError.self) { try FileDescriptor.open("/no/such/file", .read) }
    #expect(error?.description == "cannot open /no/such/file: No such file or directory (2)")
    #expect(error?.isNotFound == true)
  }

  @Test func `a symbolic link is refused where it must not be followed`() throws {
    try withScratch { scratch in
      try FileDescriptor.open(scratch + "/real", [.write, .create]).write(all: [1])
      let made = try Command("/bin/ln", ["-s", "real", "link"], workingDirectory: scratch).run(until: soon())
      #expect(made.code == 0)
      #expect(try FileStatus.of(scratch + "/link")?.kind == .symbolicLink)
      #expect(throws: SystemError.self) { try FileDescriptor.open(scratch + "/link", [.read, .noFollow]) }
      #expect(try FileDescriptor.open(scratch + "/link", .read).readToEnd(limit: 10) == [1])
    }
  }

  @Test func `a pipe is readable when something is in it or its end is closed`() throws {
    let ends = try FileDescriptor.pipe()
    #expect(try !ends.read.waitReadable(until: .distantPast))
    try ends.write.write(all: [1, 2])
    #expect(try ends.read.waitReadable(until: soon()))
    #expect(try ends.read.readSome(upTo: 10) == [1, 2])
  }

  @Test func `a volume has room or not`() throws {
    let volume = try Volume.of("/")
    #expect(volume.capacity > 0)
    #expect(volume.available <= volume.capacity)
  }
}

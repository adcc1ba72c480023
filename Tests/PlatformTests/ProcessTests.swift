import Platform
import Testing

struct ProcessTests {
  @Test func `a command gives its code and all it wrote`() throws {
    let command = Command("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"])
    let outcome = try command.run(until: soon())
    #expect(outcome.code == 3)
    #expect(outcome.output == "out\nerr\n")
  }

  @Test func `much output does not block, and is cut`() throws {
    let outcome = try Command("/bin/sh", ["-c", "head -c 3000000 /dev/zero"]).run(until: soon())
    #expect(outcome.code == 0)
    #expect(outcome.output.utf8.count == 1 << 20)
  }

  @Test func `environment and directory are the child's own`() throws {
    try withScratch { scratch in
      let command = Command(
        "/bin/sh", ["-c", "echo $GREETING; pwd -P; echo ${HOME-none}"], environment: ["GREETING": "moin"],
        workingDirectory: scratch)
      let real = try Command("/bin/sh", ["-c", "pwd -P"], workingDirectory: scratch).run(until: soon()).output
      #expect(try command.run(until: soon()).output == "moin\n\(real)none\n")
    }
  }

  @Test func `a program that is not there is an error, not an exit code`() {
    let error = #expect(throws: SystemError.self) { try ChildProcess.spawn(Command("/no/such/program")) }
    #expect(error?.description == "cannot execute /no/such/program: No such file or directory (2)")
    let directory = Command("/bin/true", workingDirectory: "/no/such/directory")
    let other = #expect(throws: SystemError.self) { try ChildProcess.spawn(directory) }
    #expect(other?.description == "cannot enter /no/such/directory: No such file or directory (2)")
  }

  @Test func `a child that is too slow is killed`() {
    let deadline = SystemTime().now() + .milliseconds(50)
    let error = #expect(throws: SystemError.self) { try Command("/bin/sleep", ["60"]).run(until: deadline) }
    #expect(error?.errno == 110)
  }

  @Test func `a child can be asked, signalled and waited for twice`() throws {
    let child = try ChildProcess.spawn(Command("/bin/sleep", ["60"]))
    #expect(child.isRunning)
    #expect(child.wait(until: .distantPast) == nil)
    #expect(Signals.isAlive(child.pid))
    child.signal(.terminate)
    #expect(child.wait(until: soon()) == 143)
    #expect(child.wait(until: .distantPast) == 143)
    child.signal(.terminate)
    #expect(!child.isRunning)
  }

  @Test func `streams go to files, apart or together`() throws {
    try withScratch { scratch in
      var command = Command("/bin/sh", ["-c", "echo one; echo two >&2"])
      command.output = .file(scratch + "/out")
      command.errors = .pipe
      let child = try ChildProcess.spawn(command)
      #expect(try child.errors?.readToEnd(limit: 100) == Array("two\n".utf8))
      #expect(child.wait(until: soon()) == 0)
      #expect(try FileDescriptor.open(scratch + "/out", .read).readToEnd(limit: 100) == Array("one\n".utf8))
    }
  }

  @Test func `a child has no descriptor but its three, and no blocked or ignored signal`() throws {
    try withScratch { scratch in
      let kept = try FileDescriptor.open(scratch + "/kept", [.write, .create])
      let outcome = try Command("/bin/sh", ["-c", "ls /proc/self/fd; grep Sig /proc/self/status"])
        .run(until: soon())
      // Three of its own, and the directory that ls reads.
      #expect(outcome.output.hasPrefix("0\n1\n2\n3\n"))
      for name in ["SigBlk:", "SigIgn:"] {
        let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix(name) })
        let set = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
        // Signals 32 and 33 belong to the C library, which lets nobody change them.
        #expect(set & 0x7FFF_FFFF == 0, "\(line)")
      }
      withExtendedLifetime(kept) {}
    }
  }

  @Test(.enabled(if: Identity.isRoot, "only root can become another user"))
  func `a child can become another user`() throws {
    let nobody = try #require(Identity.user(named: "nobody"))
    let account = Command.Account(uid: nobody.uid, gid: nobody.gid)
    let outcome = try Command("/usr/bin/id", ["-u"], runAs: account).run(until: soon())
    #expect(outcome.output == "\(nobody.uid)\n")
    let groups = try Command("/usr/bin/id", ["-G"], runAs: account).run(until: soon())
    #expect(groups.output == "\(nobody.gid)\n")
  }

  @Test func `this process can be described`() throws {
    let sample = ProcessSample.now()
    #expect(sample.residentBytes > 1 << 20)
    #expect(sample.virtualBytes >= sample.residentBytes)
    #expect(sample.openFiles >= 3)
    #expect(sample.maxFiles >= sample.openFiles)
    #expect(sample.threads >= 1)
    #expect(sample.cpuSeconds > 0)
    let now = Double(SystemTime().wall().microseconds) / 1e6
    #expect(sample.startTime > now - 86_400 && sample.startTime < now + 5)
    #expect(Identity.user(uid: Identity.uid)?.uid == Identity.uid)
    #expect(Identity.user(named: "no such user") == nil)
    #expect(!Identity.hostName.isEmpty)
  }

  @Test func `a blocked signal is taken as a value`() throws {
    // In a child of its own would be more honest, but there is no program here to be one: the lane blocks,
    // and the signal is sent to the lane alone.
    let result = Gate<Signal?>(nil)
    let lane = try Lane(name: "signals") {
      Signals.block()
      #expect(Signals.wait(until: .distantPast) == nil)
      Signals.sendToThisThread(.hangUp)
      let taken = Signals.wait(until: soon())
      result.withLock { $0 = taken }
    }
    lane.join()
    #expect(result.withLock { $0 } == .hangUp)
  }
}

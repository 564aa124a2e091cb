import Store
import Testing

@testable import Runtime

@Suite struct HostPreflightTests {
    typealias Verdict = PreflightCheck.Verdict
    private static let now: Int64 = 1_795_000_000_000_000_000
    private static let minute: Int64 = 60_000_000_000

    @Test(
        arguments: [
            (now, nil, nil, Verdict.ok), (0, nil, nil, .problem), (Int64.max, nil, nil, .problem),
            (now, now - minute, now, .ok), (now, now + minute, now + minute, .ok),
            (now, now + minute + 1, nil, .problem), (now, nil, now + 2 * minute, .problem),
            (now, Int64.max, nil, .problem),
        ] as [(Int64, Int64?, Int64?, Verdict)])
    func judgesTheClock(now: Int64, segment: Int64?, ledger: Int64?, verdict: Verdict) {
        let check = HostPreflight.clock(now: now, SpoolTimes(newestSegment: segment, ledger: ledger))
        #expect(check.verdict == verdict, "\(check)")
    }

    @Test func judgesWhetherTheClockIsKeptRight() {
        #expect(HostPreflight.synchronization(true).verdict == .ok)
        #expect(HostPreflight.synchronization(false).verdict == .warning)
        #expect(HostPreflight.synchronization(nil).verdict == .notChecked)
    }

    @Test func judgesTheLibraries() {
        #expect(HostPreflight.sqlite(3_040_001).found.hasPrefix("SQLite 3.40.1; its bug"))
        #expect(HostPreflight.sqlite(3_051_002).found.contains("its bug"))
        #expect(HostPreflight.sqlite(3_051_003).found == "SQLite 3.51.3")
        #expect(HostPreflight.sqlite(3_039_004).verdict == .warning)
        #expect(HostPreflight.curl(0x075801).found.hasPrefix("libcurl 7.88.1; before 8.0"))
        #expect(HostPreflight.curl(0x080B01).found == "libcurl 8.11.1")
    }

    @Test(
        arguments: [
            (nil, Verdict.notChecked), (2304, .ok), (2303, .warning), (255, .problem), (UInt64.max, .ok),
        ] as [(UInt64?, Verdict)])
    func judgesTheOpenFiles(limit: UInt64?, verdict: Verdict) {
        #expect(HostPreflight.openFiles(limit, connections: 1024, process: "ingest").verdict == verdict)
    }

    @Test(
        arguments: [
            (nil, Verdict.ok), (256 << 20, .ok), (255 << 20, .warning), (127 << 20, .problem),
        ] as [(UInt64?, Verdict)])
    func judgesTheMemory(limit: UInt64?, verdict: Verdict) {
        #expect(HostPreflight.memory(limit, buffers: 128 << 20, process: "ingest").verdict == verdict)
    }

    @Test func tellsWhoHoldsALock() {
        func lock(_ isHeld: Bool, _ holder: Int32?, _ isVisible: Bool) -> PreflightCheck {
            HostPreflight.lock(process: "ingest", isHeld: isHeld, holder: holder, isVisible: isVisible)
        }
        #expect(lock(false, 12, false).found.contains("does not run"))
        #expect(lock(true, 12, true).found.hasSuffix("as process 12"))
        #expect(lock(true, 12, false).found.contains("of another container"))
        #expect(lock(true, nil, false).verdict == .warning)
    }

    @Test func readsTheLimitOfOpenFiles() {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             96333                96333                processes
            Max open files            1024                 524288               files

            """
        #expect(ProcessLimits.openFiles(in: text) == 1024)
        #expect(ProcessLimits.openFiles(in: text.replacing("1024  ", with: "unlimited")) == .max)
        #expect(ProcessLimits.openFiles(in: "nonsense") == nil)
        #expect(ProcessLimits(processID: nil).openFiles ?? 0 > 0, "this process has one")
    }

    @Test(
        arguments: [
            (
                "0::/a/b\n", ["/sys/fs/cgroup/a/b/memory.max": "max\n", "/sys/fs/cgroup/a/memory.max": "1048576\n"],
                1_048_576
            ),
            ("0::/\n", ["/sys/fs/cgroup/memory.max": "5\n"], 5),
            ("0::/a\n", ["/sys/fs/cgroup/a/memory.max": "max\n"], nil),
            (
                "9:cpu:/x\n4:memory:/y\n0::/\n",
                [
                    "/sys/fs/cgroup/memory/y/memory.limit_in_bytes": "7\n",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                ], 7
            ), ("nonsense", [:], nil),
        ] as [(String, [String: String], UInt64?)])
    func readsTheLimitOfMemory(groups: String, files: [String: String], limit: UInt64?) {
        #expect(ProcessLimits.memory(groups: groups, read: { files[$0] }) == limit)
    }

    @Test(arguments: [
        (FileFacts(mode: 0o600), true, Verdict.ok), (FileFacts(mode: 0o644), true, .warning),
        (FileFacts(mode: 0o644), false, .ok), (FileFacts(mode: 0o666), false, .problem),
        (FileFacts(isReadable: false), true, .problem), (FileFacts(errorNumber: 2), false, .problem),
        (FileFacts(isDirectory: true), false, .problem),
    ])
    func judgesAFile(facts: FileFacts, isSecret: Bool, verdict: Verdict) {
        let check = FilePreflight.file(key: "GATEWAY_X_FILE", path: "/x", facts, isSecret: isSecret)
        #expect(check.verdict == verdict && check.name == "file_gateway_x_file", "\(check)")
    }

    @Test(
        arguments: [
            (-1, 15 * 1440, Verdict.ok), (-1, 13 * 1440, .warning), (-10, -1, .problem), (1, 30 * 1440, .problem),
        ] as [(Int64, Int64, Verdict)])
    func judgesACertificate(from: Int64, until: Int64, verdict: Verdict) {
        let check = FilePreflight.certificate(
            path: "/c.pem", from: Self.now + from * Self.minute, until: Self.now + until * Self.minute, now: Self.now)
        #expect(check.verdict == verdict, "\(check)")
    }

    @Test func whatHangsIsNotWaitedFor() async {
        let gate = Monitor(false)
        let answer = await TimeLimit.run(.milliseconds(20)) { gate.wait(timeout: nil) { $0 ? 1 : nil } }
        #expect(answer == nil)
        gate.signal { $0 = true }
        #expect(await TimeLimit.run(.seconds(60)) { 2 } == 2)
    }
}

import Store
import Testing

@testable import Runtime

@Suite struct StoragePreflightTests {
    typealias Verdict = PreflightCheck.Verdict

    private static let missing = FileFacts(errorNumber: 2)
    private static func directory(mode: UInt32 = 0o750, owner: UInt32 = 7, isWritable: Bool = true) -> FileFacts {
        FileFacts(isDirectory: true, mode: mode, owner: owner, isWritable: isWritable)
    }

    struct Directory: Sendable {
        var facts: FileFacts
        var parent = StoragePreflightTests.directory()
        var isRelative = false
        var user: UInt32 = 7
        var verdict: Verdict
        var text: String
    }

    @Test(arguments: [
        Directory(facts: directory(), verdict: .ok, text: "can be written"),
        Directory(facts: missing, verdict: .ok, text: "will be made"),
        Directory(facts: missing, parent: missing, verdict: .problem, text: "nor is its parent"),
        Directory(facts: missing, parent: missing, isRelative: true, verdict: .ok, text: "will be made"),
        Directory(
            facts: missing, parent: directory(isWritable: false), verdict: .problem, text: "parent can not be written"),
        Directory(facts: FileFacts(), verdict: .problem, text: "is no directory"),
        Directory(facts: directory(isWritable: false), verdict: .problem, text: "can not be written by user 7"),
        Directory(facts: directory(mode: 0o755), verdict: .warning, text: "mode 755"),
        Directory(facts: directory(owner: 8), verdict: .warning, text: "belongs to user 8"),
        Directory(facts: directory(owner: 8), user: 0, verdict: .ok, text: "asked as root"),
        Directory(facts: directory(owner: 0), user: 0, verdict: .ok, text: "(owner 0, mode 750)"),
    ])
    func judgesTheDirectory(row: Directory) {
        let check = StoragePreflight.directory(
            "/spool", row.facts, parent: row.parent, isRelative: row.isRelative, user: row.user)
        #expect(check.verdict == row.verdict && check.found.contains(row.text), "\(check)")
        #expect((check.verdict == .ok) == check.advice.isEmpty, "\(check)")
    }

    @Test(
        arguments: [
            (0xEF53, false, Verdict.ok, "ext4"), (0x5846_5342, false, .ok, "xfs"), (0x9123_683E, false, .ok, "btrfs"),
            (0x6969, false, .problem, "nfs"), (0xFF53_4D42, false, .problem, "cifs"), (0x517B, false, .problem, "smb"),
            (0xFE53_4D42, false, .problem, "smb2"), (0x6573_5546, false, .problem, "fuse"),
            (0x0102_1997, false, .problem, "9p"), (0x6969, true, .warning, "nfs"),
            (0x0102_1994, false, .warning, "tmpfs"),
            (0x794C_7630, false, .warning, "overlayfs"), (0xABCD, false, .warning, "0xabcd"),
        ] as [(UInt64, Bool, Verdict, String)])
    func judgesTheFileSystem(number: UInt64, allows: Bool, verdict: Verdict, name: String) {
        let check = StoragePreflight.fileSystem(FileSystemKind(number: number), allowsNetwork: allows)
        #expect(check.verdict == verdict && check.found.contains(name), "\(check)")
    }

    @Test(
        arguments: [
            ([5_000, 6_000, 900_000], 0xEF53, Verdict.warning, "faster than a device"),
            ([19_999], 0xEF53, .warning, "median 19 µs"), ([20_000], 0xEF53, .ok, "median 20 µs"),
            ([400_000, 1_500_000, 2_000_000], 0xEF53, .ok, "median 1500 µs, longest 2000 µs of 3"),
            ([200_000_000], 0xEF53, .warning, "slow"), ([1_000], 0x0102_1994, .notChecked, "tmpfs"),
        ] as [([Int64], UInt64, Verdict, String)])
    func judgesTheLatency(samples: [Int64], kind: UInt64, verdict: Verdict, text: String) throws {
        let check = StoragePreflight.syncLatency(
            try #require(SyncLatency(samples: samples)), on: FileSystemKind(number: kind))
        #expect(check.verdict == verdict && check.found.contains(text), "\(check)")
    }

    struct Space: Sendable {
        var quota: Int?
        var reserve: Int? = 1 << 30
        var free: Int64 = 50 << 30
        var total: Int64 = 100 << 30
        var used: Int64 = 0
        var verdict: Verdict
        var text: String
    }

    @Test(arguments: [
        Space(quota: 10 << 30, verdict: .ok, text: "quota 10.0 GiB (0 B used), reserve 1.0 GiB, 50.0 GiB of 100.0 GiB"),
        Space(quota: 60 << 30, verdict: .warning, text: "full before the quota"),
        Space(quota: nil, verdict: .ok, text: "reserve is reached before"),
        Space(quota: 60 << 30, used: 20 << 30, verdict: .ok, text: "20.0 GiB used"),
        Space(quota: 10 << 30, used: 10 << 30, verdict: .problem, text: "every batch is refused"),
        Space(quota: 10 << 30, free: 1 << 30, verdict: .problem, text: "every batch is refused"),
        Space(quota: 10 << 30, reserve: 200 << 30, verdict: .problem, text: "GATEWAY_SPOOL_RESERVE_BYTES"),
        Space(quota: nil, free: .max, total: 0, verdict: .warning, text: "does not tell its size"),
        Space(quota: 1 << 30, free: .max, total: 0, verdict: .ok, text: "does not tell its size"),
    ])
    func judgesTheSpace(row: Space) {
        var reader = ConfigurationReader(environment: [:])
        var settings = SpoolSpaceSettings(&reader)
        (settings.quotaBytes, settings.reserveBytes) = (row.quota, row.reserve)
        let check = StoragePreflight.space(
            settings, FileSystemSpace(freeBytes: row.free, totalBytes: row.total), usedBytes: row.used)
        #expect(check.verdict == row.verdict && check.found.contains(row.text), "\(check)")
    }

    @Test(
        arguments: [
            (0, 0, Verdict.notChecked), (1_000_000, 500_000, .ok), (1_000_000, 9_999, .warning),
            (1_000_000, 99, .problem),
        ] as [(UInt64, UInt64, Verdict)])
    func judgesTheFiles(total: UInt64, free: UInt64, verdict: Verdict) {
        #expect(StoragePreflight.entries(FileSystemEntries(total: total, free: free)).verdict == verdict)
    }
}

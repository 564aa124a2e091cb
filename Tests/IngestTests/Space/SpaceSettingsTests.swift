import Runtime
import Store
import Testing

@testable import Ingest

@Suite struct SpaceSettingsTests {
    private func read(_ environment: [String: String]) -> (IngestConfiguration, String) {
        var reader = ConfigurationReader(environment: environment)
        let configuration = IngestConfiguration(&reader)
        return (configuration, reader.problems.map { "\($0)" }.joined(separator: "\n"))
    }

    @Test func withoutSettingsTheFileSystemDecides() throws {
        let (configuration, problems) = read([:])
        #expect(problems.isEmpty)
        #expect(configuration.space.clientSharePercent == 50)
        let large = try configuration.space.spool.limits(fileSystemBytes: 1000 << 30)
        #expect(large == SpoolSpaceLimits(quotaBytes: 800 << 30, reserveBytes: 512 << 20))
        #expect(large.share(percent: 50) == 400 << 30)
        #expect(large.headroomBytes == 64 << 20)
        let small = try configuration.space.spool.limits(fileSystemBytes: 1000)
        #expect(small == SpoolSpaceLimits(quotaBytes: 800, reserveBytes: 50))
        // It does not tell its size: there is nothing to refuse for.
        let unknown = try configuration.space.spool.limits(fileSystemBytes: 0)
        #expect(unknown == SpoolSpaceLimits(quotaBytes: .max, reserveBytes: 0))
        #expect(unknown.share(percent: 100) == .max)
    }

    @Test func segmentsFitIntoASmallFileSystem() throws {
        let space = read([:]).0.space
        #expect(space.segmentBytes(.standard, quotaBytes: 100 << 30) == 256 << 20)
        #expect(space.segmentBytes(.standard, quotaBytes: 40 << 20) == 20 << 20)
        #expect(space.segmentBytes(.standard, quotaBytes: 1000) == 1 << 20)
        #expect(space.segmentBytes(.standard, quotaBytes: .max) == 256 << 20)
    }

    @Test func aQuotaBelowTwoSegmentsIsRefused() {
        let (_, problems) = read(["GATEWAY_SPOOL_QUOTA_BYTES": "300MiB"])
        #expect(problems.contains("GATEWAY_SPOOL_QUOTA_BYTES") && problems.contains("two segments"), "\(problems)")
        let (fitting, none) = read(["GATEWAY_SPOOL_QUOTA_BYTES": "300MiB", "GATEWAY_SEGMENT_BYTES": "150MiB"])
        #expect(none.isEmpty)
        #expect(fitting.space.spool.quotaBytes == 300 << 20)
    }

    @Test func aReserveAboveTheFileSystemIsRefused() throws {
        let (configuration, _) = read(["GATEWAY_SPOOL_RESERVE_BYTES": "2GiB"])
        #expect(try configuration.space.spool.limits(fileSystemBytes: 3 << 30).reserveBytes == 2 << 30)
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.space.spool.limits(fileSystemBytes: 2 << 30)
        }
        #expect(error?.exitCode == .configuration)
        #expect("\(error, default: "")".contains("GATEWAY_SPOOL_RESERVE_BYTES"))
    }

    @Test(arguments: [
        ("GATEWAY_SPOOL_QUOTA_BYTES", "1MiB"), ("GATEWAY_SPOOL_RESERVE_BYTES", "-1"), ("GATEWAY_CLIENT_SHARE", "0"),
        ("GATEWAY_CLIENT_SHARE", "101"), ("GATEWAY_CLIENT_SHARE", "half"),
    ]) func badValuesAreNamed(key: String, value: String) {
        #expect(read([key: value]).1.contains(key))
    }
}

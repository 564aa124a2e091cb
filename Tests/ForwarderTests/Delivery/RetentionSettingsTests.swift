import Runtime
import Testing

@testable import Forwarder

@Suite struct RetentionSettingsTests {
    private func read(_ environment: [String: String]) -> (RetentionSettings, [String]) {
        var reader = ConfigurationReader(environment: environment)
        let configuration = ForwarderConfiguration(&reader)
        return (configuration.retention, reader.problems.map { "\($0)" })
    }

    @Test func withoutSettings() throws {
        let (settings, problems) = read([:])
        #expect(problems.isEmpty)
        #expect(settings.maximumAge == nil)
        let policy = try settings.policy(fileSystemBytes: 1000 << 30)
        let quota = Int64(800 << 30)
        #expect(policy.retention == 86_400_000_000_000)
        #expect(policy.retainedBytes == quota / 5 && policy.highWaterBytes == quota / 5 * 4)
        #expect(policy.lowWaterFreeBytes == 640 << 20)
    }

    @Test func whatIsSetCounts() throws {
        let (settings, problems) = read([
            "GATEWAY_RETENTION": "0s", "GATEWAY_RETENTION_SHARE": "10", "GATEWAY_EVENT_MAXIMUM_AGE": "7d",
            "GATEWAY_SPOOL_QUOTA_BYTES": "1000MiB", "GATEWAY_SPOOL_RESERVE_BYTES": "0",
        ])
        #expect(problems.isEmpty, "\(problems)")
        let policy = try settings.policy(fileSystemBytes: 1000 << 30)
        #expect(policy.retention == 0 && policy.retainedBytes == 100 << 20)
        #expect(settings.maximumAge == .seconds(7 * 86_400))
    }

    @Test(arguments: [
        ("GATEWAY_RETENTION", "-1s"), ("GATEWAY_RETENTION_SHARE", "101"), ("GATEWAY_EVENT_MAXIMUM_AGE", "1s"),
    ]) func badValuesAreNamed(key: String, value: String) {
        #expect(read([key: value]).1.contains { $0.contains(key) })
    }
}

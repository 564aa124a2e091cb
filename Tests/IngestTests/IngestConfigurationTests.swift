import Runtime
import Store
import Testing

@testable import Ingest

@Suite struct IngestConfigurationTests {
    @Test func everyKeyIsKnownToTheWholeProject() {
        var reader = ConfigurationReader(environment: [:])
        _ = IngestConfiguration(&reader)
        let unknown = Set(reader.keys.map(\.name)).subtracting(KnownKeys.all)
        #expect(unknown.isEmpty, "add to KnownKeys: \(unknown)")
    }

    @Test func theDefaultsAreTheNamedLimits() throws {
        var reader = ConfigurationReader(environment: [:])
        let configuration = IngestConfiguration(&reader)
        _ = try reader.finish()
        #expect(configuration.limits == IngestLimits())
        #expect(configuration.segments == .standard)
        #expect(!configuration.allowUnauthenticatedServices)
        #expect(configuration.limits.messageBytes == 94_371_840)
    }

    @Test func allProblemsAreNamedAtOnce() {
        var reader = ConfigurationReader(environment: [
            "PORT": "http", "GATEWAY_SEGMENT_BYTES": "12", "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "perhaps",
            "GATEWAY_SPOOL_DIRECTROY": "/tmp",
        ])
        _ = IngestConfiguration(&reader)
        do {
            _ = try reader.finish()
            Issue.record("malformed configuration was accepted")
        } catch {
            for name in [
                "PORT", "GATEWAY_SEGMENT_BYTES", "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES", "GATEWAY_SPOOL_DIRECTROY",
            ] {
                #expect("\(error)".contains(name))
            }
        }
    }
}

import Runtime
import Testing

@testable import Ingest

@Suite struct IngestReloadTests {
    private func keys(_ environment: [String: String] = [:]) -> [String: ConfigurationKey] {
        var reader = ConfigurationReader(environment: environment)
        _ = IngestConfiguration(&reader)
        return Dictionary(uniqueKeysWithValues: reader.keys.map { ($0.name, $0) })
    }

    private func isReloadable(
        _ name: String, from old: String?, to new: String?, servesTLS: Bool = false
    ) throws -> Bool {
        let before = try #require(keys(old.map { [name: $0] } ?? [:])[name])
        let after = try #require(keys(new.map { [name: $0] } ?? [:])[name])
        return IngestReload.isReloadable(before, after, servesTLS: servesTLS)
    }

    @Test func everyKeyThatCanChangeIsDeclared() {
        let declared = Set(keys().keys)
        #expect(IngestReload.reloadableKeys.subtracting(declared).isEmpty)
        #expect(IngestReload.securityKeys.subtracting(declared).isEmpty)
    }

    @Test func quotasLevelsAndKeysCanChange() throws {
        #expect(try isReloadable("GATEWAY_LOG_LEVEL", from: "info", to: "debug"))
        #expect(try isReloadable("GATEWAY_SPOOL_QUOTA_BYTES", from: "1GiB", to: nil))
        #expect(try isReloadable("GATEWAY_LICENSE_ENFORCEMENT", from: nil, to: "enforce"))
        #expect(try isReloadable("DIAGNOSTICS_SECRET", from: "a", to: "b"))
        #expect(try !isReloadable("PORT", from: "1", to: "2"))
        #expect(try !isReloadable("GATEWAY_SEGMENT_BYTES", from: "1MiB", to: "2MiB"))
    }

    @Test func certificatesCanChangeWhileTLSIsOn() throws {
        let name = "GATEWAY_TLS_CERTIFICATE_FILE"
        #expect(try isReloadable(name, from: "/a", to: "/b", servesTLS: true))
        #expect(try !isReloadable(name, from: "/a", to: nil, servesTLS: true), "turning TLS off needs a restart")
        #expect(try !isReloadable(name, from: nil, to: "/b"), "and so does turning it on")
        #expect(try isReloadable("GATEWAY_TLS_CLIENT_AUTHORITIES_FILE", from: "/a", to: nil, servesTLS: true))
    }
}

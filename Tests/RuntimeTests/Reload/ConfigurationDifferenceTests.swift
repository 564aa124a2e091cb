import Testing

@testable import Runtime

@Suite struct ConfigurationDifferenceTests {
    private func effective(
        _ file: String, _ environment: [String: String] = [:]
    ) throws -> EffectiveConfiguration {
        var reader = ConfigurationReader(
            environment: environment, file: ConfigurationFile(name: "gateway.env", content: Array(file.utf8)))
        _ = SampleConfiguration(&reader)
        return try reader.finish()
    }

    private func difference(
        _ old: String, _ new: String, environment: [String: String] = [:]
    ) throws -> ConfigurationDifference {
        ConfigurationDifference(
            from: try effective(old, environment), to: try effective(new, environment),
            isReloadable: { _, key in key.name != "GATEWAY_FORWARDER_PORT" })
    }

    @Test func namesEachKeyWithBothValues() throws {
        let changes = try difference("GATEWAY_WAIT=1s\nGATEWAY_WINDOW=1024\n", "GATEWAY_WAIT=2s\nGATEWAY_WINDOW=1KiB\n")
            .changes
        #expect(
            changes == [ConfigurationChange(name: "GATEWAY_WAIT", old: "1s", new: "2s", effect: .applied)],
            "the same number of bytes written otherwise is no change")
        let unset = try difference("GATEWAY_WAIT=1s\nDIAGNOSTICS_SECRET=a", "GATEWAY_MODE=careful\n").changes
        #expect(unset.map(\.name) == ["DIAGNOSTICS_SECRET", "GATEWAY_WAIT"])
        #expect(unset.map(\.new) == ["not set", "5s"], "back to the default")
    }

    @Test func showsSecretsAsDigests() throws {
        let changes = try difference("DIAGNOSTICS_SECRET=hunter2", "DIAGNOSTICS_SECRET=correcthorse").changes
        #expect(changes.count == 1)
        let text = "\(changes)"
        #expect(!text.contains("hunter2") && !text.contains("correcthorse"), "\(text)")
        #expect(changes.first?.old.hasPrefix("digest ") == true && changes.first?.old != changes.first?.new)
    }

    @Test func whatNeedsARestartIsNamedAgainAndAgain() throws {
        let first = try difference("GATEWAY_FORWARDER_PORT=1", "GATEWAY_FORWARDER_PORT=2\nGATEWAY_WAIT=1s")
        #expect(first.changes.map(\.effect) == [.needsRestart, .applied])
        #expect(first.inForce.keys.first { $0.name == "GATEWAY_FORWARDER_PORT" }?.value == "1")
        #expect(first.inForce.keys.first { $0.name == "GATEWAY_WAIT" }?.value == "1s")
        let second = ConfigurationDifference(
            from: first.inForce, to: try effective("GATEWAY_FORWARDER_PORT=2\nGATEWAY_WAIT=1s"),
            isReloadable: { _, key in key.name != "GATEWAY_FORWARDER_PORT" })
        #expect(second.changes.map(\.effect) == [.needsRestart])
    }

    @Test func saysWhatTheEnvironmentOutranks() throws {
        let changes = try difference("GATEWAY_WAIT=1s", "GATEWAY_WAIT=2s", environment: ["GATEWAY_WAIT": "9s"]).changes
        #expect(changes == [ConfigurationChange(name: "GATEWAY_WAIT", old: "1s", new: "2s", effect: .outranked)])
    }

    @Test func seesTheContentOfAFileChange() throws {
        func effective(_ content: String) throws -> EffectiveConfiguration {
            var reader = ConfigurationReader(environment: ["GATEWAY_TLS_CERTIFICATE_FILE": "/c.pem"])
            _ = reader.optionalPath("GATEWAY_TLS_CERTIFICATE_FILE", meaning: "A file.")
            reader.noteContent(Array(content.utf8), of: "GATEWAY_TLS_CERTIFICATE_FILE")
            return try reader.finish()
        }
        let changes = ConfigurationDifference(
            from: try effective("one"), to: try effective("two"), isReloadable: { _, _ in true }
        ).changes
        #expect(changes.count == 1)
        #expect(changes.first?.old.hasPrefix("/c.pem (content ") == true, "\(changes)")
        #expect(changes.first?.old != changes.first?.new)
    }
}

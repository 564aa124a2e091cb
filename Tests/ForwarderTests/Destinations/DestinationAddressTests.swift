import Forwarder
import Testing

@Suite struct DestinationAddressTests {
    @Test(arguments: [
        ("file:///srv/delivered", DestinationAddress.file(directory: "/srv/delivered")),
        ("file:///srv/delivered//", .file(directory: "/srv/delivered")),
        ("file:///", .file(directory: "/")),
        (" file://var/delivered\n", .file(directory: "var/delivered")),
        ("pubsub://my-project/event-telemetry", .pubsub(project: "my-project", topic: "event-telemetry")),
        ("pubsub://example.com:project/T_1.x~+%", .pubsub(project: "example.com:project", topic: "T_1.x~+%")),
    ])
    func goodAddressesAreRead(_ text: String, _ address: DestinationAddress) throws {
        #expect(try DestinationAddress.parse(text) == address)
    }

    @Test(arguments: [
        "", "file://", "/srv/delivered", "kafka://broker/topic", "pubsub://", "pubsub://project", "pubsub://project/",
        "pubsub:///topic", "pubsub://project/topic/more", "pubsub://pro ject/topic", "pubsub://project/to\u{0}pic",
        "FILE:///srv", "file://a\u{0}b", "pubsub://project/\(String(repeating: "t", count: 256))",
    ])
    func badAddressesNameWhatIsAllowed(_ text: String) {
        let error = #expect(throws: DestinationConfigurationError.self) { try DestinationAddress.parse(text) }
        #expect(error?.code == .malformedAddress)
        #expect(error?.message.contains("GATEWAY_DESTINATIONS") == true)
        #expect(error?.message.contains("file:///DIRECTORY") == true)
        #expect(error?.message.contains("pubsub://PROJECT/TOPIC") == true)
    }

    @Test func aListReportsAllProblemsAtOnce() {
        let (addresses, problems) = DestinationAddress.parseList("file:///a, ftp://x ,pubsub://p/t,file:///a/,,")
        #expect(addresses == [.file(directory: "/a"), .pubsub(project: "p", topic: "t")])
        #expect(problems.count == 4)
        #expect(problems[0].message.contains("ftp://x"))
        #expect(problems[1].message.contains("listed twice"))
    }

    @Test func pubSubWithoutEmulatorNeedsCredentials() throws {
        let factory = DestinationFactory(emulatorHost: nil)
        try factory.check(.file(directory: "/anywhere"))
        let error = #expect(throws: DestinationConfigurationError.self) {
            try factory.check(.pubsub(project: "p", topic: "t"))
        }
        #expect(error?.code == .credentialsMissing)
        #expect(error?.message.contains("PUBSUB_EMULATOR_HOST") == true)
        try DestinationFactory(emulatorHost: "127.0.0.1:8085").check(.pubsub(project: "p", topic: "t"))
        #expect(throws: DestinationConfigurationError.self) {
            try DestinationFactory(emulatorHost: "http://host:1").check(.pubsub(project: "p", topic: "t"))
        }
    }
}

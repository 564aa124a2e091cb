import Forwarder
import Testing
import Transfer

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
        "", "file://", "/srv/delivered", "kafka://broker", "pubsub://", "pubsub://project", "pubsub://project/",
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

    @Test(arguments: [
        ("https://hooks.test/events/", "https://hooks.test/events/"),
        ("https://hooks.test:8443", "https://hooks.test:8443"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"), (" http://localhost/x ", "http://localhost/x"),
    ])
    func receiversOfRequestsAreRead(_ text: String, _ url: String) throws {
        #expect(try DestinationAddress.parse(text).webhook?.text == url)
    }

    @Test(arguments: [
        "http://hooks.test/events", "https://", "https://user:password@hooks.test/",
        "https://hooks.test/?token=password",
        "https://hooks.test/#x", "HTTPS://hooks.test/",
    ])
    func receiversThatAreNotSafeAreRefused(_ text: String) {
        let error = #expect(throws: DestinationConfigurationError.self) { try DestinationAddress.parse(text) }
        #expect(error?.code == .malformedAddress)
        #expect(error?.message.contains("https://HOST/PATH") == true)
        #expect(error?.message.contains("password@") == false)
        #expect(error?.message.contains("=password") == false)
    }

    @Test func kafkaIsThereWhenItWasBuilt() throws {
        let text = "kafka://broker.test:9092/events"
        if KafkaSettings.isBuiltIn {
            #expect(try DestinationAddress.parse(text) == .kafka(broker: "broker.test:9092", topic: "events"))
            for bad in ["kafka:///events", "kafka://a,b/events", "kafka://a/", "kafka://a/b/c", "kafka://a/b%20"] {
                #expect(throws: DestinationConfigurationError.self) { try DestinationAddress.parse(bad) }
            }
        } else {
            let error = #expect(throws: DestinationConfigurationError.self) { try DestinationAddress.parse(text) }
            #expect(error?.message.contains("--traits Kafka") == true)
        }
    }

    @Test func pubSubIsCheckedWithoutAskingAnybody() throws {
        var settings = DestinationSettings()
        // The metadata server may answer later.
        try DestinationFactory(settings: settings).check(.pubsub(project: "p", topic: "t"))
        settings.pubsub.credentials = .keyFile("/missing/key.json")
        let factory = DestinationFactory(settings: settings)
        try factory.check(.file(directory: "/anywhere"))
        let error = #expect(throws: DestinationConfigurationError.self) {
            try factory.check(.pubsub(project: "p", topic: "t"))
        }
        #expect(error?.code == .unusableCredentials)
        #expect(error?.message.contains("/missing/key.json") == true)
        settings.pubsub.emulatorHost = "127.0.0.1:8085"
        try DestinationFactory(settings: settings).check(.pubsub(project: "p", topic: "t"))
        settings.pubsub.emulatorHost = "http://host:1"
        #expect(throws: DestinationConfigurationError.self) {
            try DestinationFactory(settings: settings).check(.pubsub(project: "p", topic: "t"))
        }
    }
}

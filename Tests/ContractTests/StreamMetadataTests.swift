internal import Contract
internal import SwiftProtobuf
internal import Testing

/// Who a stream comes from, and what is wrong when that is not said.
@Suite struct StreamMetadataTests {
    private typealias Message = Telemetrygateway_V1_RecordEventsRequestMetadata

    private func decode(_ build: (inout Message) -> Void) throws -> StreamMetadata {
        var message = Message()
        message.requestID = "req"
        build(&message)
        return try StreamMetadata(bytes: message.serializedBytes())
    }

    @Test func licensedInstance() throws {
        let metadata = try decode {
            $0.identifier.licensedInstance.licenseKey = "key"
            $0.identifier.licensedInstance.instanceID = "inst"
            $0.identifier.licensedInstance.externalURL = "https://example.com"
        }
        #expect(metadata.requestID == "req")
        #expect(
            try metadata.identity
                == .licensedInstance(licenseKey: "key", instanceID: "inst", externalURL: "https://example.com"))
        #expect(metadata.source == "licensed_instance")
        #expect(metadata.client == "inst")
    }

    @Test func unlicensedInstance() throws {
        let metadata = try decode { $0.identifier.unlicensedInstance.instanceID = "inst" }
        #expect(try metadata.identity == .unlicensedInstance(instanceID: "inst", externalURL: ""))
        #expect(metadata.source == "unlicensed_instance")
        #expect(metadata.client == "inst")
    }

    @Test func managedService() throws {
        let metadata = try decode {
            $0.identifier.managedService.serviceID = "pings"
            $0.identifier.managedService.serviceEnvironment = ""
        }
        #expect(try metadata.identity == .managedService(serviceID: "pings", environment: ""))
        #expect(metadata.source == "pings")
        #expect(metadata.client == "pings")
        let plain = try decode { $0.identifier.managedService.serviceID = "pings" }
        #expect(try plain.identity == .managedService(serviceID: "pings", environment: nil))
    }

    @Test func problems() throws {
        #expect(throws: IdentityProblem.identifierMissing) { try decode { _ in }.identity }
        #expect(throws: IdentityProblem.identifierUnsupported) {
            try decode { $0.identifier = Telemetrygateway_V1_Identifier() }.identity
        }
        #expect(throws: IdentityProblem.instanceIDMissing) {
            try decode { $0.identifier.unlicensedInstance.externalURL = "https://example.com" }.identity
        }
        let nameless = try decode { $0.identifier.managedService.serviceEnvironment = "prod" }
        #expect(throws: IdentityProblem.serviceIDMissing) { try nameless.identity }
        #expect(nameless.source == "unknown")
        #expect(nameless.client.isEmpty)
    }

    @Test func licensedInstanceMayLackItsID() throws {
        let metadata = try decode { $0.identifier.licensedInstance.licenseKey = "key" }
        #expect(try metadata.identity == .licensedInstance(licenseKey: "key", instanceID: "", externalURL: ""))
    }

    @Test func damagedBytes() {
        #expect(throws: WireError.self) { try StreamMetadata(bytes: [0x0a, 0x05, 0x61]) }
    }
}

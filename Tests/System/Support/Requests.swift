internal import Contract
internal import SwiftProtobuf

/// Request messages as bytes.
enum Requests {
    static func instance(_ id: String, requestID: String = "request") throws -> [UInt8] {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = requestID
        metadata.identifier.unlicensedInstance.instanceID = id
        return try stream(metadata)
    }

    static func licensed(_ licenceKey: String, requestID: String = "request") throws -> [UInt8] {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = requestID
        metadata.identifier.licensedInstance.licenseKey = licenceKey
        metadata.identifier.licensedInstance.instanceID = "instance"
        return try stream(metadata)
    }

    static func service(_ id: String, requestID: String = "request") throws -> [UInt8] {
        try stream(serviceMetadata(id, requestID: requestID))
    }

    static func serviceMetadata(
        _ id: String, requestID: String = "request"
    ) -> Telemetrygateway_V1_RecordEventsRequestMetadata {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = requestID
        metadata.identifier.managedService.serviceID = id
        return metadata
    }

    static func stream(_ metadata: Telemetrygateway_V1_RecordEventsRequestMetadata) throws -> [UInt8] {
        var request = Telemetrygateway_V1_RecordEventsRequest()
        request.metadata = metadata
        return try request.serializedBytes()
    }

    static func batch(_ events: [Telemetrygateway_V1_Event]) throws -> [UInt8] {
        var request = Telemetrygateway_V1_RecordEventsRequest()
        request.events.events = events
        return try request.serializedBytes()
    }

    static func batch(_ events: [TestEvent]) throws -> [UInt8] { try batch(events.map(\.message)) }

    /// A batch of one event, of which only the bytes are known.
    static func batch(eventBytes: [UInt8]) -> [UInt8] {
        let events = [0x0a] + varint(eventBytes.count) + eventBytes
        return [0x12] + varint(events.count) + events
    }

    static func unary(
        _ metadata: Telemetrygateway_V1_RecordEventsRequestMetadata?, _ event: Telemetrygateway_V1_Event?
    ) throws -> [UInt8] {
        var request = Telemetrygateway_V1_RecordEventRequest()
        if let metadata { request.metadata = metadata }
        if let event { request.event = event }
        return try request.serializedBytes()
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f | 0x80))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

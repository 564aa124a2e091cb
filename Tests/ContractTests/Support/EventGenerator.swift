internal import Contract
internal import SwiftProtobuf
import TestSupport

/// Random events of every shape that the contract allows, most of them acceptable.
struct EventGenerator {
    var random: SeededGenerator

    mutating func request(maximumEvents: Int) -> Telemetrygateway_V1_RecordEventsRequest {
        var request = Telemetrygateway_V1_RecordEventsRequest()
        if random.once(in: 8) {
            request.metadata = metadata()
        } else {
            var payload = Telemetrygateway_V1_RecordEventsRequest.EventsPayload()
            payload.events = (0..<random.below(maximumEvents + 1)).map { _ in event() }
            request.events = payload
        }
        return request
    }

    mutating func metadata() -> Telemetrygateway_V1_RecordEventsRequestMetadata {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = text()
        switch random.below(4) {
        case 0:
            metadata.identifier.licensedInstance.licenseKey = text()
            metadata.identifier.licensedInstance.instanceID = text()
        case 1:
            metadata.identifier.unlicensedInstance.instanceID = text()
        case 2:
            metadata.identifier.managedService.serviceID = text()
            if random.once(in: 2) { metadata.identifier.managedService.serviceEnvironment = text() }
        default:
            break
        }
        return metadata
    }

    mutating func event() -> Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        event.id = random.once(in: 12) ? "" : text(minimum: 1)
        event.feature = random.once(in: 12) ? text() : "cody.completion"
        event.action = random.once(in: 12) ? text() : "accepted"
        if !random.once(in: 12) {
            event.timestamp.seconds = random.once(in: 12) ? Int64(bitPattern: random.next()) : 1_700_000_000
            event.timestamp.nanos = random.once(in: 12) ? -1 : Int32(random.below(1_000_000_000))
        }
        if random.once(in: 2) { event.source.server.version = text() }
        if random.once(in: 2) { event.source.client.name = text() }
        if random.once(in: 2) { event.parameters = parameters() }
        if random.once(in: 3) { event.user.userID = Int64(bitPattern: random.next()) }
        if random.once(in: 3) { event.user.anonymousUserID = text() }
        if random.once(in: 4) { event.featureFlags.flags[text()] = text() }
        if random.once(in: 4) { event.marketingTracking.sessionFirstURL = text() }
        if random.once(in: 4) { event.interaction.geolocation.countryCode = "DE" }
        return event
    }

    mutating func parameters() -> Telemetrygateway_V1_EventParameters {
        var parameters = Telemetrygateway_V1_EventParameters()
        parameters.version = Int32(truncatingIfNeeded: random.next())
        if random.once(in: 3) { parameters.legacyMetadata[text()] = Int64(bitPattern: random.next()) }
        for _ in 0..<random.below(3) { parameters.metadata[text()] = Double(random.below(1000)) / 4 }
        if random.once(in: 2) { parameters.privateMetadata = structure(depth: random.below(4)) }
        if random.once(in: 4) { parameters.billingMetadata.product = text() }
        return parameters
    }

    mutating func structure(depth: Int) -> Google_Protobuf_Struct {
        var structure = Google_Protobuf_Struct()
        for _ in 0..<random.below(3) { structure.fields[text()] = value(depth: depth) }
        return structure
    }

    mutating func value(depth: Int) -> Google_Protobuf_Value {
        switch random.below(depth > 0 ? 8 : 6) {
        case 0: return Google_Protobuf_Value(nilLiteral: ())
        case 1: return Google_Protobuf_Value(numberValue: Double(random.below(100)))
        case 2: return Google_Protobuf_Value(boolValue: random.once(in: 2))
        case 3: return random.once(in: 3) ? Google_Protobuf_Value() : Google_Protobuf_Value(stringValue: text())
        case 4: return Google_Protobuf_Value(numberValue: random.once(in: 3) ? .nan : -0.5)
        case 5: return Google_Protobuf_Value(stringValue: text())
        case 6: return Google_Protobuf_Value(structValue: structure(depth: depth - 1))
        default:
            var list = Google_Protobuf_ListValue()
            for _ in 0..<random.below(3) { list.values.append(value(depth: depth - 1)) }
            return Google_Protobuf_Value(listValue: list)
        }
    }

    private mutating func text(minimum: Int = 0) -> String {
        let alphabet = ["a", "b", "Z", "-", ".", "7", " ", "é", "ß", "中", "👩‍🚀", "\u{0}", "\u{2028}", "e\u{301}"]
        return (0..<minimum + random.below(12)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
    }
}

internal import SwiftProtobuf

/// Stored events as people see them.
package enum EventJSON {
    /// The event as protojson has it; nil when the bytes are no event or JSON can not express it.
    package static func value(of bytes: [UInt8]) -> JSONValue? {
        guard let event = try? Telemetrygateway_V1_Event(serializedBytes: bytes),
            let json: [UInt8] = try? event.jsonUTF8Bytes()
        else { return nil }
        return try? JSONValue.read(json)
    }
}

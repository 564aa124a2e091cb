internal import Contract
internal import SwiftProtobuf

/// Renders events twice, through the transcoder and through SwiftProtobuf's objects, and compares the messages.
struct RenderingComparison {
    private(set) var renderer: MessageRenderer
    private var rendered = MessageArena()
    private var decoded = MessageArena()
    /// Events that both sides rendered (count).
    private(set) var accepted = 0
    /// Events that the transcoder alone did not render, though they can be (count).
    private(set) var declined = 0

    init(migratesLegacyMetadata: Bool = true, traceparent: String = "") throws {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = "request \"1\""
        metadata.identifier.licensedInstance.licenseKey = "key\n"
        metadata.identifier.licensedInstance.instanceID = "instance"
        renderer = try MessageRenderer(
            metadata: metadata.serializedBytes(), migratesLegacyMetadata: migratesLegacyMetadata,
            traceparent: traceparent)
    }

    /// What is different about the two messages; nil when they agree.
    mutating func difference(_ event: [UInt8]) -> String? {
        rendered.removeAll()
        decoded.removeAll()
        return event.withUnsafeBytes { bytes -> String? in
            let expected = Self.code { () throws(RenderError) in
                try renderer.renderByDecoding(event: bytes, into: &decoded)
            }
            let isTranscoded = renderer.transcode(event: bytes, into: &rendered)
            if !isTranscoded, !rendered.bytes.isEmpty || !rendered.messages.isEmpty { return "declining left a trace" }
            rendered.removeAll()
            let found = Self.code { () throws(RenderError) in try renderer.render(event: bytes, into: &rendered) }
            guard found == expected else {
                return "\(String(describing: found)), not \(String(describing: expected))"
            }
            guard expected == nil else {
                if isTranscoded { return "transcoded what cannot be rendered" }
                return rendered.bytes.isEmpty ? nil : "an error left a trace"
            }
            accepted += 1
            if !isTranscoded { declined += 1 }
            return compare()
        }
    }

    private static func code(_ body: () throws(RenderError) -> Void) -> RenderError.Code? {
        do throws(RenderError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    private func compare() -> String? {
        guard let found = rendered.messages.first, let expected = decoded.messages.first else { return "no message" }
        let foundBytes = rendered.bytes[found.data]
        guard let foundJSON = CanonicalJSON(foundBytes) else {
            return "not JSON: \(String(decoding: foundBytes, as: UTF8.self))"
        }
        let expectedBytes = decoded.bytes[expected.data]
        if foundJSON == CanonicalJSON(expectedBytes), Self.attributes(rendered) == Self.attributes(decoded) {
            return nil
        }
        // SwiftProtobuf loses one of such keys, and with it a value.
        if foundJSON.hasEquivalentKeys { return nil }
        return """
            \(String(decoding: foundBytes, as: UTF8.self)) \(Self.attributes(rendered)), not \
            \(String(decoding: expectedBytes, as: UTF8.self)) \(Self.attributes(decoded))
            """
    }

    /// Keys and values, one behind the other.
    private static func attributes(_ arena: MessageArena) -> [[UInt8]] {
        var attributes: [[UInt8]] = []
        arena.forEachAttribute(of: arena.messages[0]) { key, value in
            attributes.append(Array(key))
            attributes.append(Array(value))
        }
        return attributes
    }
}

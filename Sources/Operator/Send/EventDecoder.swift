package import Contract
internal import SwiftProtobuf

/// Turns a line of JSON into an event.
package enum EventDecoder {
    /// A line's event, and what is to be said about it.
    package struct Decoded: Sendable {
        /// The event as it is sent.
        package var event: Telemetrygateway_V1_Event
        /// Whether it came without an id and was given one.
        package var hasNewID = false
        /// A field that the contract does not have, and that is not sent.
        package var ignoredField: String?
        /// Why ingest will not accept it, if it will not.
        package var refusal: RefusalReason?
    }

    /// Why a line is no event.
    package struct Failure: Error, Sendable, Hashable {
        /// What is wrong with the line.
        package let message: String
    }

    /// Decodes a line.
    /// - Parameter newID: makes an id for an event that has none.
    package static func decode(_ line: [UInt8], newID: () -> String) throws(Failure) -> Decoded {
        var decoded: Decoded
        do {
            decoded = Decoded(event: try Telemetrygateway_V1_Event(jsonUTF8Bytes: line))
        } catch JSONDecodingError.unknownField(let field) {
            var options = JSONDecodingOptions()
            options.ignoreUnknownFields = true
            do {
                let event = try Telemetrygateway_V1_Event(jsonUTF8Bytes: line, options: options)
                decoded = Decoded(event: event, ignoredField: field)
            } catch {
                throw Failure(message: explain(error, line))
            }
        } catch {
            throw Failure(message: explain(error, line))
        }
        if decoded.event.id.isEmpty {
            decoded.event.id = newID()
            decoded.hasNewID = true
        }
        decoded.refusal = EventValidator.refusal(of: decoded.event)
        return decoded
    }

    private static func explain(_ error: any Error, _ line: [UInt8]) -> String {
        guard line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) == UInt8(ascii: "{") else {
            return "is no JSON object; each line must be one event, as in {\"feature\":\"…\",\"action\":\"…\",…}"
        }
        guard let error = error as? JSONDecodingError else { return "can not be decoded: \(error)" }
        return switch error {
        case .truncated: "ends in the middle of the JSON object"
        case .trailingGarbage: "has something behind the JSON object"
        case .malformedTimestamp: "has a timestamp that is not like 2026-01-31T23:59:59.123Z"
        case .invalidUTF8: "is not valid UTF-8"
        case .messageDepthLimit: "is nested too deeply"
        case .numberRange: "has a number that does not fit its field"
        case .malformedNumber, .leadingZero: "has a malformed number"
        case .malformedString: "has a malformed string"
        case .malformedBool: "has a value other than true or false where one of them is expected"
        case .malformedMap: "has a malformed map"
        case .illegalNull: "has a null where a value is expected"
        case .schemaMismatch: "has a field whose value is of another type than the contract's"
        case .conflictingOneOf: "has two values where the contract allows one"
        default: "is no valid event: \(error)"
        }
    }
}

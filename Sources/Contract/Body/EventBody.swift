internal import SwiftProtobuf

/// The events of an HTTP request's body, made into the wire request that a gRPC client would have sent.
///
/// A body that is not what its content type says is refused whole; an item in it that is no event gets a problem of its
/// own, and the others go on. An item is an event exactly when it is protojson for `Event`: fields that the contract
/// does not have are refused, as protojson has it, because what would be dropped in silence would be lost.
///
/// Decoding is done in portions, so that one large body does not hold a thread for long.
package struct EventBody: Sendable {
    /// The limits that hold for this body.
    package let limits: EventBodyLimits
    /// What became of the items decoded so far, in order.
    package private(set) var items: [EventBodyItem] = []
    /// How many of the items are events.
    package private(set) var eventCount = 0

    private let bytes: [UInt8]
    private let places: [EventBodySplitter.Place]
    private var events: [UInt8] = []

    /// Finds the items of a body.
    ///
    /// - Throws: ``EventBodyError`` when the body is not of this format or above a limit.
    package init(
        _ bytes: [UInt8], format: EventBodyFormat, limits: EventBodyLimits = .standard
    ) throws(EventBodyError) {
        self.bytes = bytes
        self.limits = limits
        places = try EventBodySplitter.split(bytes, format: format, limits: limits)
    }

    /// Decodes further items, at least one and then until `portion` bytes of the body are used up.
    ///
    /// - Returns: whether there are more.
    /// - Throws: ``EventBodyError`` when the events are more bytes than are taken.
    package mutating func decode(portion: Int = .max) throws(EventBodyError) -> Bool {
        var left = portion
        while left > 0, items.count < places.count {
            let place = places[items.count]
            left -= max(1, place.bytes.count)
            try decode(place)
        }
        return items.count < places.count
    }

    /// An encoded `RecordEventsRequest` with the events decoded so far; without any it has an empty events payload.
    package var request: [UInt8] {
        var request: [UInt8] = []
        request.reserveCapacity(events.count + 1 + Self.longestLength)
        request.append(0x12)
        Self.append(length: events.count, to: &request)
        request += events
        return request
    }

    private mutating func decode(_ place: EventBodySplitter.Place) throws(EventBodyError) {
        do {
            let event = try event(of: place)
            let encoded: [UInt8] = try event.serializedBytes()
            guard events.count + encoded.count + 1 + Self.longestLength <= limits.wireBytes else {
                throw EventBodyError(
                    .tooLarge, "the events have more than \(limits.wireBytes) bytes; send smaller batches",
                    offset: place.bytes.lowerBound)
            }
            events.append(0x0a)
            Self.append(length: encoded.count, to: &events)
            events += encoded
            items.append(.event(ordinal: eventCount, id: event.id))
            eventCount += 1
        } catch let error as EventBodyError {
            throw error
        } catch let problem as ProblemFound {
            items.append(.problem(problem.problem))
        } catch {
            items.append(
                .problem(
                    EventItemProblem(
                        error, in: bytes[place.bytes], number: place.number, offset: place.bytes.lowerBound)))
        }
    }

    private struct ProblemFound: Error {
        let problem: EventItemProblem
    }

    private func event(of place: EventBodySplitter.Place) throws -> Telemetrygateway_V1_Event {
        func problem(_ code: EventItemProblem.Code, _ message: String) -> ProblemFound {
            ProblemFound(
                problem: EventItemProblem(
                    code: code, message: message, number: place.number, offset: place.bytes.lowerBound))
        }
        guard place.bytes.count <= limits.itemBytes else {
            throw problem(
                .tooLong,
                "has \(place.bytes.count) bytes and at most \(limits.itemBytes) are taken; send such events over gRPC")
        }
        let item = bytes[place.bytes]
        guard item.first == UInt8(ascii: "{") else {
            throw problem(.notObject, "is no JSON object; an event is {\"id\":\"…\",\"feature\":\"…\",…}")
        }
        guard Self.depth(of: item, atMost: limits.depth) else {
            throw problem(
                .tooDeep, "is nested deeper than \(limits.depth) objects and arrays; flatten the private metadata")
        }
        return try Telemetrygateway_V1_Event(jsonUTF8Bytes: Array(item))
    }

    /// Whether no more than `limit` objects and arrays lie inside each other.
    private static func depth(of item: ArraySlice<UInt8>, atMost limit: Int) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in item {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > limit { return false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return true
    }

    /// Longest encoding of a length (bytes).
    private static let longestLength = 5

    private static func append(length: Int, to bytes: inout [UInt8]) {
        var rest = UInt32(truncatingIfNeeded: length)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

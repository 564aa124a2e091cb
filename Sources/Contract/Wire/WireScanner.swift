internal import SwiftProtobuf

/// Reads requests without decoding them: checks that they are well-formed to full depth, finds where each event lies,
/// applies the contract's rules to it, and builds the acknowledgement on the way.
///
/// One scanner serves one stream, and its arrays keep their capacity from message to message, so that no event costs an
/// allocation. It accepts a message exactly when SwiftProtobuf decodes it.
package struct WireScanner: Sendable {
    /// The limits of this scanner.
    package let limits: WireLimits
    /// What is known of the stream. Without it there are no ``fingerprints``, and no event is too large.
    package var scope: StreamScope?
    /// Where the accepted events lie in the scanned message, in bytes: offset 0, length 0, offset 1, length 1, …
    /// Valid until the next scan.
    package private(set) var acceptedIndex: [UInt32] = []
    /// Two numbers for each accepted event, by which an event that comes again is recognised; see ``SenderScope``. Empty
    /// without a ``scope``. Valid until the next scan.
    package private(set) var fingerprints: [UInt64] = []
    /// The events that break a rule, in order. Valid until the next scan.
    package private(set) var refused: [RefusedEvent] = []
    /// Which of the ids in ``acknowledgement``, counted from 0, belong to refused events. Valid until the next scan.
    package private(set) var acknowledgedRefusals: [UInt32] = []
    /// An encoded `RecordEventsResponse` with the ids to acknowledge, in the order of the events, and with the rejections
    /// of the refused ones. Valid until the next scan.
    package private(set) var acknowledgement: [UInt8] = []
    private var metadataRanges: [Range<Int>] = []

    /// How many events the last scan accepted.
    package var acceptedCount: Int { acceptedIndex.count / 2 }

    /// A scanner with empty scratch space.
    package init(limits: WireLimits = .standard) {
        self.limits = limits
    }

    /// Scans a `RecordEventsRequest`.
    ///
    /// - Parameters:
    ///   - message: the request's bytes; the results hold offsets into it.
    ///   - acknowledgeRefused: whether the ids of refused events are acknowledged too, so that the sender stops resending
    ///     them (instances, not managed services). Those of events that are too large always are.
    /// - Returns: what the message carries. Members of the `oneof` follow protobuf: the last one wins, and the same one
    ///   again is merged.
    /// - Throws: ``WireError`` for a message that SwiftProtobuf refuses or that is above a limit; all results are empty
    ///   then.
    package mutating func scan(
        _ message: UnsafeRawBufferPointer, acknowledgeRefused: Bool
    ) throws(WireError) -> RequestPayload {
        removeResults()
        guard message.count <= limits.maximumMessageBytes else { throw tooLarge(message.count) }
        guard let raw = message.baseAddress, !message.isEmpty else { return .none }
        let start = raw.assumingMemoryBound(to: UInt8.self)
        var walker = WireWalker(message, from: start)
        do throws(WireFault) {
            let payload = try scanRequest(&walker, start: start, acknowledgeRefused: acknowledgeRefused)
            if !refused.isEmpty { ResponseEncoder.appendRejections(of: refused, in: message, to: &acknowledgement) }
            return payload
        } catch {
            removeResults()
            throw WireError(error, offset: walker.cursor.position - start)
        }
    }

    /// The bytes of the metadata in the message that was scanned last. Pieces are joined, which is how protobuf merges.
    package func metadataBytes(of message: UnsafeRawBufferPointer) -> [UInt8] {
        Self.join(metadataRanges, of: message)
    }

    private mutating func removeResults() {
        acceptedIndex.removeAll(keepingCapacity: true)
        fingerprints.removeAll(keepingCapacity: true)
        refused.removeAll(keepingCapacity: true)
        acknowledgedRefusals.removeAll(keepingCapacity: true)
        acknowledgement.removeAll(keepingCapacity: true)
        metadataRanges.removeAll(keepingCapacity: true)
    }

    private mutating func scanRequest(
        _ walker: inout WireWalker, start: UnsafePointer<UInt8>, acknowledgeRefused: Bool
    ) throws(WireFault) -> RequestPayload {
        var payload = RequestPayload.none
        guard limits.maximumDepth > 0 else { throw .tooDeep }
        let depthLeft = limits.maximumDepth - 1
        while walker.cursor.position < walker.cursor.end {
            let tag = try walker.cursor.readTag()
            switch tag.rawValue {
            case 0x0a:
                if payload != .metadata { removeResults() }
                payload = .metadata
                try walker.walkMessage(.requestMetadata, depthLeft: depthLeft, notingRangeIn: &metadataRanges, start)
            case 0x12:
                if payload != .events { removeResults() }
                payload = .events
                try walker.enterMessage(depthLeft: depthLeft) { (walker, depthLeft) throws(WireFault) in
                    try scanEvents(
                        &walker, start: start, acknowledgeRefused: acknowledgeRefused, depthLeft: depthLeft)
                }
            default:
                try walker.cursor.skipValue(of: tag, depthLeft: depthLeft)
            }
        }
        return payload
    }

    private mutating func scanEvents(
        _ walker: inout WireWalker, start: UnsafePointer<UInt8>, acknowledgeRefused: Bool, depthLeft: Int
    ) throws(WireFault) {
        let sender = scope?.sender
        let sizeCheckedBytes = scope?.sizeLimit.checkedBytes ?? .max
        while walker.cursor.position < walker.cursor.end {
            let tag = try walker.cursor.readTag()
            guard tag.rawValue == 0x0a else {
                try walker.cursor.skipValue(of: tag, depthLeft: depthLeft)
                continue
            }
            guard acceptedCount &+ refused.count < limits.maximumEvents else { throw .tooManyEvents }
            var facts = EventFacts()
            walker.hasDoubtfulValue = false
            var first = walker.cursor.position
            try walker.enterMessage(depthLeft: depthLeft) { (walker, depthLeft) throws(WireFault) in
                first = walker.cursor.position
                try walker.walkEvent(into: &facts, depthLeft: depthLeft)
            }
            let event = UnsafeRawBufferPointer(start: first, count: walker.cursor.position - first)
            var reason = facts.refusal
            if reason == nil, walker.hasDoubtfulValue { reason = Self.refusalAfterDecoding(event, limits: limits) }
            if reason == nil, event.count >= sizeCheckedBytes { reason = scope?.sizeLimit.refusal(of: event) }
            note(facts, offset: first - start, length: event.count, reason: reason, start: start)
            if reason == nil, let sender {
                let fingerprint = sender.fingerprint(ofID: UnsafeRawBufferPointer(facts.id))
                fingerprints.append(fingerprint.0)
                fingerprints.append(fingerprint.1)
            }
            if let reason {
                guard acknowledgeRefused || reason.isAlwaysAcknowledged else { continue }
                acknowledgedRefusals.append(UInt32(truncatingIfNeeded: acceptedCount &+ acknowledgedRefusals.count))
            }
            ResponseEncoder.appendSucceeded(facts.id, to: &acknowledgement)
        }
    }

    @inline(__always)
    private mutating func note(
        _ facts: EventFacts, offset: Int, length: Int, reason: RefusalReason?, start: UnsafePointer<UInt8>
    ) {
        guard let reason else {
            acceptedIndex.append(UInt32(truncatingIfNeeded: offset))
            acceptedIndex.append(UInt32(truncatingIfNeeded: length))
            return
        }
        var idOffset = 0
        if let id = facts.id.baseAddress, !facts.id.isEmpty { idOffset = id - start }
        refused.append(
            RefusedEvent(
                offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length),
                idOffset: UInt32(truncatingIfNeeded: idOffset), idLength: UInt32(truncatingIfNeeded: facts.id.count),
                reason: reason))
    }
}

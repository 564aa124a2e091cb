internal import SwiftProtobuf

extension WireScanner {
    /// Scans a `RecordEventRequest`. Needs no ``scope``: the metadata is in the same message.
    ///
    /// - Throws: ``WireError`` for a message that SwiftProtobuf refuses.
    package func scanUnary(_ message: UnsafeRawBufferPointer) throws(WireError) -> UnaryScan {
        guard message.count <= limits.maximumMessageBytes else { throw tooLarge(message.count) }
        guard let raw = message.baseAddress, !message.isEmpty else {
            return UnaryScan(metadata: nil, event: nil, refusal: nil, id: 0..<0)
        }
        let start = raw.assumingMemoryBound(to: UInt8.self)
        var walker = WireWalker(message, from: start)
        do throws(WireFault) {
            return try scanUnaryRequest(&walker, message: message, start: start)
        } catch {
            throw WireError(error, offset: walker.cursor.position - start)
        }
    }

    private func scanUnaryRequest(
        _ walker: inout WireWalker, message: UnsafeRawBufferPointer, start: UnsafePointer<UInt8>
    ) throws(WireFault) -> UnaryScan {
        guard limits.maximumDepth > 0 else { throw .tooDeep }
        let depthLeft = limits.maximumDepth - 1
        var metadata: [Range<Int>] = []
        var pieces: [Range<Int>] = []
        var facts = EventFacts()
        while walker.cursor.position < walker.cursor.end {
            let tag = try walker.cursor.readTag()
            switch tag.rawValue {
            case 0x0a:
                try walker.walkMessage(.requestMetadata, depthLeft: depthLeft, notingRangeIn: &metadata, start)
            case 0x12:
                try walker.enterMessage(depthLeft: depthLeft) { (walker, depthLeft) throws(WireFault) in
                    pieces.append(walker.cursor.position - start..<walker.cursor.end - start)
                    try walker.walkEvent(into: &facts, depthLeft: depthLeft)
                }
            default:
                try walker.cursor.skipValue(of: tag, depthLeft: depthLeft)
            }
        }
        let event = pieces.isEmpty ? nil : Self.join(pieces, of: message)
        var refusal: RefusalReason?
        if let event {
            refusal = facts.refusal
            if refusal == nil, walker.hasDoubtfulValue {
                refusal = event.withUnsafeBytes { Self.refusalAfterDecoding($0, limits: limits) }
            }
            if refusal == nil { refusal = Self.refusalOfSize(event, metadata: metadata, of: message) }
        }
        return UnaryScan(
            metadata: metadata.isEmpty ? nil : Self.join(metadata, of: message), event: event, refusal: refusal,
            id: Self.range(of: facts.id, in: pieces, start: start))
    }

    /// Where `text` lies once the pieces of the message stand one behind the other.
    private static func range(
        of text: UnsafeBufferPointer<UInt8>, in pieces: [Range<Int>], start: UnsafePointer<UInt8>
    ) -> Range<Int> {
        guard let first = text.baseAddress, !text.isEmpty else { return 0..<0 }
        let offset = first - start
        var joined = 0
        for piece in pieces {
            if piece.contains(offset) {
                let lower = joined + offset - piece.lowerBound
                return lower..<lower + text.count
            }
            joined += piece.count
        }
        return 0..<0
    }
}

extension WireScanner {
    /// Joins parts of a message: for protobuf, concatenating the bytes of a message merges it.
    static func join(_ ranges: [Range<Int>], of message: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
        for range in ranges where range.upperBound <= message.count {
            bytes.append(contentsOf: message[range])
        }
        return bytes
    }

    /// The slow path: decodes an event whose `Value`s may or may not be renderable once merged.
    static func refusalAfterDecoding(_ event: UnsafeRawBufferPointer, limits: WireLimits) -> RefusalReason? {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = limits.maximumDepth
        guard let decoded = try? Telemetrygateway_V1_Event(serializedBytes: event.bytes, options: options) else {
            return .notRenderable
        }
        return EventValidator.refusal(of: decoded)
    }

    private static func refusalOfSize(
        _ event: [UInt8], metadata: [Range<Int>], of message: UnsafeRawBufferPointer
    ) -> RefusalReason? {
        guard RenderedSizeLimit.isWithinReach(ofWireBytes: message.count) else { return nil }
        let limit = RenderedSizeLimit(metadata: join(metadata, of: message), migratesLegacyMetadata: false)
        return event.withUnsafeBytes { limit.refusal(of: $0) }
    }

    func tooLarge(_ count: Int) -> WireError {
        WireError(
            code: .tooLarge,
            message: "the message has \(count) bytes and at most \(limits.maximumMessageBytes) are taken; send smaller "
                + "batches", offset: 0)
    }
}

extension WireWalker {
    /// Walks a length-delimited message and notes where its bytes lie, counted from `start`.
    mutating func walkMessage(
        _ shape: MessageShape, depthLeft: Int, notingRangeIn ranges: inout [Range<Int>],
        _ start: UnsafePointer<UInt8>
    ) throws(WireFault) {
        var peek = cursor
        let length = try peek.readLength()
        let offset = peek.position - start
        try walkMessage(shape, depthLeft: depthLeft)
        ranges.append(offset..<offset + length)
    }
}

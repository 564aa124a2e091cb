internal import Store

/// Cuts a run of messages into requests that a destination takes: by count and by encoded bytes.
struct Packing {
    /// One request in terms of message numbers.
    struct Packed {
        var messages: Range<Int>
        var resolutions: [Resolution]
        var messageBytes: Int
    }

    private let limits: RequestLimits
    private var done: [Packed] = []
    private var first = 0
    private var count = 0
    private var size = 0
    private var messageBytes = 0
    private var resolutions: [Resolution] = []

    init(limits: RequestLimits) {
        self.limits = limits
    }

    /// Adds the next message.
    /// - Parameters:
    ///   - message: its number; one more than the last one's.
    ///   - size: its encoded size at the destination.
    ///   - bytes: its JSON bytes.
    mutating func add(message: Int, size: Int, bytes: Int, batch: StoredBatch, event: Int) {
        if count > 0 && (count == limits.maximumMessages || self.size + size > limits.maximumBytes) { close() }
        if count == 0 { first = message }
        count += 1
        self.size += size
        messageBytes += bytes
        if let last = resolutions.last, last.segment == batch.segment, last.batch == batch.id,
            last.events.upperBound == event
        {
            resolutions[resolutions.count - 1] = Resolution(
                segment: last.segment, batch: last.batch, events: last.events.lowerBound..<event + 1,
                batchEvents: last.batchEvents)
        } else {
            resolutions.append(
                Resolution(
                    segment: batch.segment, batch: batch.id, events: event..<event + 1,
                    batchEvents: batch.eventCount))
        }
    }

    /// The requests, in order.
    mutating func finish() -> [Packed] {
        close()
        return done
    }

    private mutating func close() {
        guard count > 0 else { return }
        done.append(
            Packed(messages: first..<first + count, resolutions: resolutions, messageBytes: messageBytes))
        count = 0
        size = 0
        messageBytes = 0
        resolutions = []
    }
}

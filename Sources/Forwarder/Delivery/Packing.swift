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
    ///   - isAlone: whether it goes in a request of its own.
    mutating func add(
        message: Int, size: Int, bytes: Int, batch: StoredBatch, event: Int, client: ClientID = .none,
        isAlone: Bool = false
    ) {
        if isAlone || (count > 0 && (count == limits.maximumMessages || self.size + size > limits.maximumBytes)) {
            close()
        }
        if count == 0 { first = message }
        count += 1
        self.size += size
        messageBytes += bytes
        if let last = resolutions.last, last.segment == batch.segment, last.batch == batch.id,
            last.events.upperBound == event
        {
            resolutions[resolutions.count - 1] = last.limited(to: last.events.lowerBound..<event + 1)
        } else {
            resolutions.append(
                Resolution(
                    segment: batch.segment, batch: batch.id, events: event..<event + 1,
                    batchEvents: batch.eventCount, client: client))
        }
        if isAlone { close() }
    }

    /// Leaves the next message out of every request: the numbers of a request have no gap.
    mutating func skip() { close() }

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

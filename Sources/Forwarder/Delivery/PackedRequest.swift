internal import Contract
internal import Observing
internal import Store

/// Rendered messages for one request, and what the ledger is to record when they are delivered.
struct PackedRequest: Sendable {
    var request: DeliveryRequest
    /// The events of the messages, batch by batch.
    var resolutions: [Resolution]
    /// Bytes of the messages' JSON, for the totals.
    var messageBytes: Int
    /// The failures of a request with one event: what its dead letter will tell.
    var history: [AttemptFailure] = []
    /// Why the one event can not even be sent; nil when it can.
    var problem: EventProblem?
    /// The span of the page that it was read with; nil when that is not recorded.
    var trace: OpenSpan?
    /// The traces of the events' streams; empty when the page is not recorded.
    var traces = LinkedTraces()

    /// The place of a single event.
    var address: EventAddress? {
        guard let only = resolutions.first, resolutions.count == 1, only.events.count == 1 else { return nil }
        return EventAddress(segment: only.segment, batch: only.batch, event: only.events.lowerBound)
    }

    /// Cuts it in two.
    /// - Parameter count: messages of the first part.
    func split(at count: Int) -> (PackedRequest, PackedRequest) {
        let middle = request.messages.lowerBound + min(max(0, count), request.messages.count)
        var left: [Resolution] = []
        var right: [Resolution] = []
        var missing = middle - request.messages.lowerBound
        for resolution in resolutions {
            let cut = resolution.events.lowerBound + min(missing, resolution.events.count)
            missing -= cut - resolution.events.lowerBound
            if cut > resolution.events.lowerBound {
                left.append(resolution.limited(to: resolution.events.lowerBound..<cut))
            }
            if cut < resolution.events.upperBound {
                right.append(resolution.limited(to: cut..<resolution.events.upperBound))
            }
        }
        return (
            part(request.messages.lowerBound..<middle, left), part(middle..<request.messages.upperBound, right)
        )
    }

    private func part(_ messages: Range<Int>, _ resolutions: [Resolution]) -> PackedRequest {
        var part = DeliveryRequest(arena: request.arena, messages: messages)
        // A single message may wait for long; a whole page should not be kept for it.
        if messages.count == 1 { part = part.detached() }
        let bytes = request.arena.messages[messages].reduce(0) { $0 + $1.data.count }
        return PackedRequest(
            request: part, resolutions: resolutions, messageBytes: bytes, trace: trace, traces: traces)
    }
}

extension Resolution {
    /// The same for some of its events.
    func limited(to events: Range<Int>) -> Resolution {
        Resolution(
            segment: segment, batch: batch, events: events, batchEvents: batchEvents, client: client, outcome: outcome)
    }

    /// The same with another outcome.
    func with(_ outcome: Outcome) -> Resolution {
        Resolution(
            segment: segment, batch: batch, events: events, batchEvents: batchEvents, client: client, outcome: outcome)
    }
}

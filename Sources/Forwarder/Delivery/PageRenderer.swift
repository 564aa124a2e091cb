internal import Contract
internal import Observing
internal import Runtime
internal import Store

/// Renders a page of the spool and packs it into requests of one destination.
struct PageRenderer<Target: Destination>: Sendable {
    let destination: Target
    let metrics: DeliveryMetrics
    /// Events that were refused alone before: they are sent alone again.
    let refused: [EventAddress: EventAttempt]

    /// One batch and what of it is still to be delivered.
    struct Work: Sendable {
        let batch: StoredBatch
        let renderer: MessageRenderer
        let client: ClientID
        let remaining: [Range<Int>]
        /// The trace of its stream; nil without one, and when nothing is recorded.
        var trace: TraceContext?
    }

    /// Renders the batches in order. Events that can not be sent become requests of their own, with the reason.
    @concurrent
    func render(_ work: [Work]) async -> [PackedRequest] {
        var arena = MessageArena(
            bytes: work.reduce(0) {
                $0 + $1.renderer.estimatedBytes(events: $1.batch.eventCount, wireBytes: $1.batch.payload.count)
            }, messages: work.reduce(0) { $0 + $1.batch.eventCount })
        var packing = Packing(limits: destination.limits)
        var alone: [PackedRequest] = []
        for item in work {
            var renderer = item.renderer
            for range in item.remaining {
                for event in range {
                    do throws(RenderError) {
                        try item.batch.withEvent(event) { (bytes) throws(RenderError) in
                            try renderer.render(event: bytes, into: &arena)
                        }
                    } catch {
                        let problem = EventProblem(
                            reason: "unrenderable", code: error.code.rawValue, message: error.message)
                        alone.append(Self.alone(resolution(item, event), problem: problem))
                        continue
                    }
                    let index = arena.messages.count - 1
                    if let problem = destination.problem(with: arena.messages[index], in: arena) {
                        packing.skip()
                        let reason = EventProblem(
                            reason: problem.code.rawValue, code: problem.code.rawValue, message: problem.message)
                        alone.append(Self.alone(resolution(item, event), problem: reason))
                        continue
                    }
                    let isRefused = !refused.isEmpty && isKnown(item, event)
                    packing.add(
                        message: index, size: destination.encodedSize(of: arena.messages[index], in: arena),
                        bytes: arena.messages[index].data.count, batch: item.batch, event: event, client: item.client,
                        isAlone: isRefused)
                }
            }
        }
        var sizes = metrics.messageSizes.observations
        for message in arena.messages { sizes.observe(Double(message.data.count)) }
        metrics.messageSizes.add(sizes)
        return packing.finish().map { packed in
            let request = DeliveryRequest(arena: arena, messages: packed.messages)
            return PackedRequest(
                request: packed.messages.count == 1 ? request.detached() : request, resolutions: packed.resolutions,
                messageBytes: packed.messageBytes)
        } + alone
    }

    private func isKnown(_ item: Work, _ event: Int) -> Bool {
        refused[EventAddress(segment: item.batch.segment, batch: item.batch.id, event: event)] != nil
    }

    private func resolution(_ item: Work, _ event: Int) -> Resolution {
        Resolution(
            segment: item.batch.segment, batch: item.batch.id, events: event..<event + 1,
            batchEvents: item.batch.eventCount, client: item.client)
    }

    private static func alone(_ resolution: Resolution, problem: EventProblem) -> PackedRequest {
        PackedRequest(
            request: DeliveryRequest(arena: MessageArena()), resolutions: [resolution], messageBytes: 0,
            problem: problem)
    }
}

internal import Contract
internal import Runtime
internal import Store

/// Renders a page of the spool and packs it into requests of one destination.
struct PageRenderer<Target: Destination>: Sendable {
    let destination: Target
    let metrics: DeliveryMetrics

    /// One batch and what of it is still to be delivered.
    struct Work: Sendable {
        let batch: StoredBatch
        let stream: StreamRecord
        let renderer: MessageRenderer
        let remaining: [Range<Int>]
    }

    /// Renders the batches in order. Event ranges that can not be rendered are reported, never skipped in silence.
    @concurrent
    func render(_ work: [Work]) async -> RenderedPage {
        var page = RenderedPage()
        var arena = MessageArena()
        var packing = Packing(limits: destination.limits)
        for item in work {
            var renderer = item.renderer
            for range in item.remaining {
                for event in range {
                    do throws(RenderError) {
                        try item.batch.withEvent(event) { (bytes) throws(RenderError) in
                            try renderer.render(event: bytes, into: &arena)
                        }
                    } catch {
                        let resolution = Resolution(
                            segment: item.batch.segment, batch: item.batch.id, events: event..<event + 1,
                            batchEvents: item.batch.eventCount)
                        page.resolved.append(resolution)
                        page.unrenderable.append(Self.keep(item, event: event, error))
                        continue
                    }
                    let index = arena.messages.count - 1
                    packing.add(
                        message: index, size: destination.encodedSize(of: arena.messages[index], in: arena),
                        bytes: arena.messages[index].data.count, batch: item.batch, event: event)
                }
            }
        }
        var sizes = metrics.messageSizes.observations
        for message in arena.messages { sizes.observe(Double(message.data.count)) }
        metrics.messageSizes.add(sizes)
        page.requests = packing.finish().map { packed in
            PackedRequest(
                request: DeliveryRequest(arena: arena, messages: packed.messages), resolutions: packed.resolutions,
                messageBytes: packed.messageBytes)
        }
        return page
    }

    /// The record under which an event is kept that can not be sent to anybody. Its row is negative, so that it never
    /// meets a row of the segment's own quarantine.
    static func keep(_ item: Work, event: Int, _ error: RenderError) -> StoredQuarantine {
        StoredQuarantine(
            segment: item.batch.segment, row: -(item.batch.id << 32 | Int64(event)) - 1,
            receivedAt: item.batch.receivedAt, stream: item.stream, reason: error.code.rawValue,
            detail: error.message, eventID: [], bytes: item.batch.withEvent(event) { [UInt8]($0) })
    }
}

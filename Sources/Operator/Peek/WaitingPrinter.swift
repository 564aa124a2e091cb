internal import Contract
internal import Runtime
internal import Store

/// Prints waiting events as messages, up to a number of events.
struct WaitingPrinter {
    private let showsHeaders: Bool
    private let now: Int64
    private var left: Int
    private var arena = MessageArena()
    private(set) var shown = 0
    private(set) var problems: [String] = []

    init(limit: Int, showsHeaders: Bool, now: Int64) {
        left = limit
        self.showsHeaders = showsHeaders
        self.now = now
    }

    /// Prints the waiting events of a batch.
    /// - Returns: whether more are wanted.
    mutating func show(_ waiting: WaitingBatch) -> Bool {
        let place = "segment \(waiting.batch.segment), batch \(waiting.batch.id)"
        var renderer: MessageRenderer
        do throws(RenderError) {
            renderer = try MessageRenderer(
                metadata: waiting.stream.metadata, migratesLegacyMetadata: waiting.stream.origin != .unary,
                traceparent: waiting.stream.traceparent)
        } catch {
            problems.append("\(place): \(error.message)")
            return true
        }
        if showsHeaders { writeHeader(waiting, place) }
        for event in waiting.remaining.joined() {
            guard left > 0 else { return false }
            left -= 1
            arena.removeAll()
            do throws(RenderError) {
                try waiting.batch.withEvent(event) { (bytes) throws(RenderError) in
                    try renderer.render(event: bytes, into: &arena)
                }
            } catch {
                problems.append("\(place), event \(event): \(error.message)")
                continue
            }
            if let message = arena.messages.first {
                TextOutput.standardOutput.write(MessageLine.bytes(of: message, in: arena))
                shown += 1
            }
        }
        return left > 0
    }

    private func writeHeader(_ waiting: WaitingBatch, _ place: String) {
        let output = TextOutput.standardError
        let header =
            "# \(place): \(HumaneText.events(Int64(waiting.eventCount))) waiting, from \(waiting.stream.client) "
            + "(\(waiting.stream.source)), received \(HumaneText.span(now - waiting.batch.receivedAt)) ago"
        output.write(output.style.detail(header) + "\n")
    }
}

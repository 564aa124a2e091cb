internal import ServiceLifecycle
internal import Store

/// Keeps the segment writer open for as long as anything may append, and seals the segment at the end.
struct SpoolWriterService: Service {
    let writer: SegmentWriter

    func run() async throws {
        // Returns at a graceful shutdown, which comes to this service after the servers have stopped; an error here is
        // the cancellation of everything, and then too the segment is to be sealed.
        try? await gracefulShutdown()
        await writer.shutdown()
    }
}

internal import Logging
internal import Runtime
internal import Store

/// What the segment writer does, as log lines; repeated failures are counted, not repeated.
struct SpoolLog: Sendable {
    /// The same failure is logged once in this time.
    static let errorInterval = Duration.seconds(10)

    let logger: Logger
    let metrics: IngestMetrics
    let health: SpoolHealth

    /// An observer for the writer.
    /// - Parameters:
    ///   - settled: told of every group, durable or refused.
    ///   - finished: told the payload bytes of every group, durable or refused.
    func observer(
        settled: @escaping @Sendable (SettledGroup) -> Void, finished: @escaping @Sendable (Int) -> Void
    ) -> SegmentWriterObserver {
        let limiter = SharedLogRateLimiter(interval: Self.errorInterval)
        var observer = SegmentWriterObserver()
        observer.settled = settled
        observer.committed = { commit in
            finished(commit.payloadBytes)
            metrics.committed(commit)
            health.committed()
        }
        observer.failed = { batches, bytes, error in
            finished(bytes)
            metrics.commitFailed(batches: batches)
            health.failed(error)
            guard let suppressed = limiter.suppressed(error.code.description) else { return }
            logger.error(
                "batches refused: the spool could not make them durable",
                metadata: [
                    "batches": "\(batches)", "error": "\(error)", "suppressed": "\(suppressed)",
                ])
        }
        observer.restored = { restored in
            logger.info(
                "recorded events remembered",
                metadata: [
                    "events": "\(restored.events)", "segments": "\(restored.segments)",
                    "seconds": "\(Double(restored.nanoseconds / 1_000_000) / 1000)",
                    "out_of_time": "\(restored.ranOutOfTime)",
                ])
            for problem in restored.problems {
                logger.warning(
                    "events of a segment are not recognised when they come again", metadata: ["problem": "\(problem)"])
            }
        }
        observer.opened = { logger.info("segment opened", metadata: ["segment": "\($0)"]) }
        observer.sealed = { number, totals in
            logger.info(
                "segment sealed",
                metadata: [
                    "segment": "\(number)", "batches": "\(totals.batches)", "events": "\(totals.events)",
                    "quarantined": "\(totals.quarantined)", "bytes": "\(totals.payloadBytes)",
                ])
        }
        observer.leftUnsealed = { number, error in
            logger.warning(
                "segment left unsealed; its batches are kept and delivered",
                metadata: ["segment": "\(number)", "error": "\(error)"])
        }
        return observer
    }
}

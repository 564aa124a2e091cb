internal import Logging
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Measures the spool again and again, off the way of the batches, and tells the `SpaceGuard`.
struct SpaceWatch: Service {
    /// How often it looks.
    static let interval = Duration.seconds(1)
    /// The same failure is logged once in this time.
    private static let errorInterval = Duration.seconds(60)

    private let space: SpaceGuard
    private let writer: SegmentWriter
    private let logger: Logger
    private let survey: SpaceSurvey
    /// A thread of its own, because looking into old segments takes as long as the disk takes.
    private let counting: SpaceSurvey
    private let limiter = SharedLogRateLimiter(interval: errorInterval)

    /// - Throws: `io` when there are no threads to be had.
    init(layout: SpoolLayout, space: SpaceGuard, writer: SegmentWriter, logger: Logger) throws(StoreError) {
        self.space = space
        self.writer = writer
        self.logger = logger
        survey = try SpaceSurvey(layout: layout)
        counting = try SpaceSurvey(layout: layout)
    }

    func run() async throws {
        // What is there before anything is served: what is written from now on is counted as it is written.
        let segments = space.waitingSegments
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await count(segments) }
                group.addTask {
                    while (try? await Task.sleep(for: Self.interval)) != nil { await look() }
                }
            }
        }
    }

    /// Measures once.
    func look() async {
        space.measurementBegins()
        do throws(StoreError) {
            let measurement = try await survey.measure(askingLedger: true)
            let consequences = space.measurementEnded(measurement)
            if consequences.sealsSegment { writer.sealSegment() }
            if let isRefusing = consequences.refusingChanged { announce(isRefusing) }
            if let problem = measurement.problem {
                log("the ledger can not be asked which segments are delivered; all of them count as waiting", problem)
            }
        } catch {
            log("the spool can not be measured; the last measurement counts on", error.message)
        }
    }

    /// What an earlier process has left, by client, the newest first: it stays for longest.
    private func count(_ segments: [UInt64]) async {
        for segment in segments.reversed() where !Task.isCancelled {
            do throws(StoreError) {
                space.counted(segment: segment, payloadBytes: try await counting.payloadBytes(segment: segment))
            } catch {
                // Delivered and removed meanwhile, or damaged: its clients then have more room than their share.
                logger.debug(
                    "the clients of a segment are not counted",
                    metadata: ["segment": "\(segment)", "error": "\(error)"])
            }
        }
    }

    private func announce(_ isRefusing: Bool) {
        let status = space.status
        let metadata: Logger.Metadata = [
            "used_bytes": "\(status.usedBytes)", "quota_bytes": "\(status.limits.quotaBytes)",
            "reserve_bytes": "\(status.limits.reserveBytes)", "retained_bytes": "\(status.retainedBytes)",
        ]
        if isRefusing {
            logger.warning(
                "the spool has no space: batches are refused until the forwarder frees some", metadata: metadata)
        } else {
            logger.info("the spool has space again", metadata: metadata)
        }
    }

    private func log(_ message: Logger.Message, _ problem: String) {
        guard let suppressed = limiter.suppressed("\(message)") else { return }
        logger.warning(message, metadata: ["error": "\(problem)", "suppressed": "\(suppressed)"])
    }
}

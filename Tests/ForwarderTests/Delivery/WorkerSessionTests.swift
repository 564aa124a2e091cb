import Store
import Testing

@testable import Forwarder

@Suite struct WorkerSessionTests {
    private func session(_ progress: [UInt64: SegmentProgress]) -> WorkerSession {
        WorkerSession(
            progress: progress,
            planner: DeliveryPlanner(
                limits: DeliveryPlanner.Limits(inFlight: 1, buffered: 1, unresolved: 1, pages: 1, pollInterval: 1)))
    }

    @Test func aNewLedgerStartsWithTheOldestSegment() {
        var session = session([:])
        session.enter([7, 9])
        #expect(session.position == SpoolPosition(segment: 7, batch: 0))
    }

    @Test func itGoesOnWhereTheLedgerSays() {
        var session = session([7: SegmentProgress(throughBatch: 4)])
        session.enter([7, 9])
        #expect(session.position == SpoolPosition(segment: 7, batch: 4))
    }

    /// A newer segment's deliveries may be recorded before anything of an older one is.
    @Test func anOlderSegmentWithoutAnEntryIsNotSkipped() {
        var session = session([9: SegmentProgress(throughBatch: 2)])
        session.enter([7, 9])
        #expect(session.position == SpoolPosition(segment: 7, batch: 0))
    }

    @Test func finishedSegmentsAreLeftOut() {
        var session = session([7: SegmentProgress(throughBatch: 4, isFinished: true)])
        session.enter([7, 9])
        #expect(session.position == SpoolPosition(segment: 9, batch: 0))
    }

    @Test func whatCouldNotBeRecordedIsRecordedLater() {
        var session = session([:])
        let resolution = Resolution(segment: 1, batch: 1, events: 0..<2, batchEvents: 2)
        session.add(RenderedPage(resolved: [resolution]))
        let begins = session.beginRecording(now: 0)
        let beginsAgain = session.beginRecording(now: 0)
        #expect(begins && !beginsAgain)
        let (taken, bytes) = session.takeRecording()
        #expect(taken == [resolution])
        session.recordingEnded()
        session.putBack(taken, bytes: bytes, retryAt: 10)
        let tooEarly = session.beginRecording(now: 9)
        #expect(!tooEarly)
        #expect(session.recordAt == 10)
        let later = session.beginRecording(now: 10)
        let retaken = session.takeRecording().0
        #expect(later)
        #expect(retaken == [resolution])
    }
}

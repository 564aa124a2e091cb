import Store
import Testing

@testable import Forwarder

/// Which segments orders for the past still need.
@Suite struct ReplayHoldTests {
    private static let hour: Int64 = 3_600_000_000_000

    /// A segment that was made at an hour.
    private func segment(_ hour: Int64) -> UInt64 { UInt64(hour * Self.hour / 1_000_000) }

    private func hold(from: Int64, to: Int64, reached: UInt64 = 0) async throws -> ReplayHold {
        let directory = try TemporaryDirectory()
        let ledger = try await DeliveryLedger.open(
            layout: SpoolLayout(root: directory.path + "/spool"), now: { 1 })
        let destination = try await ledger.register(destination: "d")
        let job = try await ledger.addReplayJob(
            at: destination, from: from * Self.hour, to: to * Self.hour, client: nil, rate: 0, actor: "ann")
        let step = ReplayJobProgress(job: job, position: SpoolPosition(segment: reached, batch: 1), sent: 0)
        try await ledger.record(DeliveryRecord(jobs: [step]), at: destination)
        let jobs = try await ledger.runningReplayJobs()
        try await ledger.shutdown()
        return ReplayHold(jobs: jobs)
    }

    /// Of segments that were made each hour and finished an hour later.
    private func held(_ hold: ReplayHold, _ hours: Range<Int64>) -> [Int64] {
        hours.filter { hold.holds(segment($0), finishedAt: ($0 + 1) * Self.hour) }
    }

    @Test func segmentsOfTheTimeAreHeldWithAnHourAround() async throws {
        let hold = try await hold(from: 100, to: 110)
        #expect(held(hold, 90..<120) == Array(98..<111))
        #expect(hold.holds(segment(50), finishedAt: 150 * Self.hour), "it may have been open all the time")
    }

    @Test func aNumberThatRanAheadSaysNothing() async throws {
        let hold = try await hold(from: 100, to: 110)
        #expect(hold.holds(segment(5000), finishedAt: 105 * Self.hour))
        #expect(hold.holds(.max, finishedAt: .max - 1), "no number traps")
        #expect(!hold.holds(.max, finishedAt: .min))
    }

    @Test func whatAnOrderHasPassedIsNotHeld() async throws {
        let hold = try await hold(from: 100, to: 110, reached: segment(105))
        #expect(held(hold, 90..<120) == Array(105..<111))
    }

    @Test func withoutOrdersNothingIsHeld() {
        #expect(!ReplayHold(jobs: []).holds(segment(1), finishedAt: 1))
    }
}

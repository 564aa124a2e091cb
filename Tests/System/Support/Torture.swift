internal import Foundation

/// How the crash tests run: `GATEWAY_TORTURE_ROUNDS` and `GATEWAY_TORTURE_SEED` override both figures.
struct Torture {
    let rounds: Int
    let seed: UInt64

    init(rounds standard: Int) {
        let environment = ProcessInfo.processInfo.environment
        rounds = environment["GATEWAY_TORTURE_ROUNDS"].flatMap { Int($0) } ?? standard
        seed = environment["GATEWAY_TORTURE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    }

    /// Small files, so that crashes meet rotation, sealing and unlinking too.
    static let ingestSettings = ["GATEWAY_SEGMENT_BYTES": "1MiB"]
    static let forwarderSettings = ["GATEWAY_FILE_MAXIMUM_BYTES": "256KiB"]

    /// Responses until a kill, at most.
    static let responsesBeforeKill = 120

    /// Events that a crash of the forwarder may deliver again: all that the file destination has under way (4 requests,
    /// of at most one 2 MiB page each) and as much again for the ledger group that was being recorded.
    static func duplicateBound(eventBytes: Int) -> Int { 2 * 4 * (2 << 20) / eventBytes }

    /// One line for `scripts/torture` and for people.
    func report(
        _ what: String, _ check: DeliveryCheck, _ record: AcknowledgementRecord, since start: ContinuousClock.Instant
    ) {
        let seconds = (ContinuousClock.now - start).components.seconds
        print(
            "torture: \(what) rounds=\(rounds) seed=\(seed) acknowledged=\(record.acknowledged.count) "
                + "delivered=\(check.delivered) lost=\(check.lost.count) changed=\(check.changed.count) "
                + "unknown=\(check.unknown.count) unacknowledged=\(check.unacknowledged) "
                + "duplicates=\(check.duplicates) seconds=\(seconds)")
    }
}

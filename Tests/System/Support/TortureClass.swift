internal import FakePubSub
internal import Foundation
internal import Testing

/// One kind of fault, and what may come of it. The table of `scripts/torture`.
struct TortureClass: Sendable, CustomTestStringConvertible {
    /// Who is killed.
    enum Victims: Sendable {
        case ingest
        case forwarder
        case both

        var hasIngest: Bool { self != .forwarder }
        var hasForwarder: Bool { self != .ingest }
    }

    enum Fault: Sendable {
        /// SIGKILL; with a loss of power, what was not synced is torn.
        case kill(Victims, losesPower: Bool)
        /// Writes or syncs in the spool fail.
        case disk(writeError: Int32, syncError: Int32)
        /// Pub/Sub fails.
        case destination(Failure)
        /// Pub/Sub refuses single events.
        case poison
        /// Any of the others, one after the other, on a bad day of Pub/Sub.
        case mixed
        /// A disk that says that it has synced contents or names and has not: the check must find losses, or it can not
        /// see them.
        case lyingDisk(aboutDirectories: Bool)
    }

    let name: String
    let fault: Fault
    /// Rounds in `scripts/torture --ci`; with 0 it runs by hand only.
    let rounds: Int

    var testDescription: String { name }

    /// Whether acknowledged events must be lost.
    var mustLose: Bool {
        if case .lyingDisk = fault { true } else { false }
    }

    /// Whether the processes run on the disk that fails.
    var needsDisk: Bool {
        switch fault {
        case .kill(_, let losesPower): losesPower
        case .disk, .mixed, .lyingDisk: true
        case .destination, .poison: false
        }
    }

    /// Messages that may come again, at most.
    /// - Parameters:
    ///   - rounds: how often the fault struck.
    ///   - fake: what Pub/Sub knows of it.
    func duplicateBound(rounds: Int, fake: FakePubSub) -> Int {
        // Of requests that were taken and answered as if not.
        let unconfirmed = fake.taken.totals.unconfirmed
        switch fault {
        case .kill(let victims, _): return victims.hasForwarder ? rounds * Self.underWay : 0
        case .disk, .poison: return 0
        case .destination(.goAway), .destination(.disconnect):
            // Other requests on the same connection may have been taken; their answers go with it.
            return fake.failures.values.reduce(0, +) * Self.inFlight
        case .destination: return unconfirmed
        case .mixed: return unconfirmed + (rounds + fake.failures.values.reduce(0, +)) * Self.underWay
        case .lyingDisk: return 0
        }
    }

    /// Messages in requests under way: 4 of 1000.
    private static let inFlight = 4000
    /// And as many again in the ledger's group that was being recorded.
    private static let underWay = 2 * inFlight

    static let all: [TortureClass] =
        [
            TortureClass(name: "kill-ingest", fault: .kill(.ingest, losesPower: false), rounds: 60),
            TortureClass(name: "kill-forwarder", fault: .kill(.forwarder, losesPower: false), rounds: 60),
            TortureClass(name: "kill-both", fault: .kill(.both, losesPower: false), rounds: 40),
            TortureClass(name: "power-loss-ingest", fault: .kill(.ingest, losesPower: true), rounds: 60),
            TortureClass(name: "power-loss-forwarder", fault: .kill(.forwarder, losesPower: true), rounds: 50),
            TortureClass(name: "power-loss-both", fault: .kill(.both, losesPower: true), rounds: 60),
            TortureClass(name: "disk-full", fault: .disk(writeError: ENOSPC, syncError: 0), rounds: 30),
            TortureClass(name: "write-error", fault: .disk(writeError: EIO, syncError: 0), rounds: 25),
            TortureClass(name: "sync-error", fault: .disk(writeError: 0, syncError: EIO), rounds: 25),
        ]
        + Failure.allCases.map {
            TortureClass(name: "pubsub-\($0.rawValue)", fault: .destination($0), rounds: 4)
        } + [
            // Without dead letters a refused event is tried for ever.
            TortureClass(name: "pubsub-poison", fault: .poison, rounds: 4),
            TortureClass(name: "mixed", fault: .mixed, rounds: 18),
            TortureClass(name: "lying-disk", fault: .lyingDisk(aboutDirectories: false), rounds: 6),
            TortureClass(name: "lying-directory", fault: .lyingDisk(aboutDirectories: true), rounds: 6),
        ]

    /// What `GATEWAY_TORTURE_CLASSES` names: `ci`, or names with commas between; empty when it is not set.
    static let selected: [TortureClass] = {
        guard let text = ProcessInfo.processInfo.environment["GATEWAY_TORTURE_CLASSES"] else { return [] }
        if text == "ci" { return all.filter { $0.rounds > 0 } }
        let names = text.split(separator: ",").map(String.init)
        return all.filter { names.contains($0.name) }
    }()
}

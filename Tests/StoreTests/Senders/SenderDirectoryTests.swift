import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Store

/// The directory of senders: what it sums up, what it forgets, and what it survives.
@Suite struct SenderDirectoryTests {
    private static let start: Int64 = 1_700_000_000_000_000_000

    private func change(
        _ client: String, at: Int64 = Self.start, url: String = "", isAdmitted: Bool = true
    ) -> SenderChange {
        var change = SenderChange(
            key: SenderKey(source: "unlicensed_instance", client: client), kind: .unlicensedInstance, at: at,
            externalURL: url)
        if isAdmitted { change.admit(as: .stream, at: at) }
        return change
    }

    private func refusal(at: Int64, reason: String = "licence") -> SenderRefusal {
        SenderRefusal(
            at: at, reason: reason, code: "INVALID_ARGUMENT", message: "no: \(reason)", licence: "abcdef012345")
    }

    /// A directory that writes at its end only: what a test notes is one transaction.
    private func record(
        _ layout: SpoolLayout, maximumSenders: Int64 = 100, maximumPending: Int = 100,
        observer: SenderDirectoryObserver = SenderDirectoryObserver(), _ changes: [SenderChange]
    ) throws {
        let directory = try SenderDirectory(
            layout: layout, maximumSenders: maximumSenders, maximumPending: maximumPending, interval: .seconds(3600),
            observer: observer)
        for change in changes { directory.note(change) }
        directory.shutdown()
    }

    private func all(_ layout: SpoolLayout, _ search: SenderSearch = SenderSearch()) throws -> [SenderRecord] {
        try SenderReader(layout: layout).senders(search)
    }

    private func spool() throws -> (TemporaryDirectory, SpoolLayout) {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        return (directory, layout)
    }

    @Test func sumsOutliveTheProcess() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        #expect(!SenderReader(layout: layout).exists)
        #expect(try all(layout).isEmpty)
        var first = change("a", url: "https://a.example")
        first.version = "5.6.0"
        first.licence = SenderLicence(digest: "0123456789ab", tags: ["x", " y "], createdAt: 1, expiresAt: 2)
        first.addBatch(accepted: 10, quarantined: 2, duplicates: 3)
        first.quarantinedByReason = ["oversized": 2]
        first.lastEventsAt = Self.start + 5
        var second = change("a", at: Self.start + 10, url: "https://b.example")
        second.addBatch(accepted: 1, quarantined: 0, duplicates: 0)
        try record(layout, [first, second])
        var third = change("a", at: Self.start + 20, url: "https://b.example")
        third.refuse(refusal(at: Self.start + 30, reason: "client_share"))
        third.addBatch(accepted: 0, quarantined: 1, duplicates: 0)
        third.quarantinedByReason = ["oversized": 1]
        try record(layout, [third])

        let found = try #require(try all(layout).first)
        #expect(try all(layout).count == 1)
        #expect(
            [found.streams, found.batches, found.accepted, found.quarantined, found.duplicates, found.refusals]
                == [3, 3, 11, 3, 3, 1])
        #expect(found.externalURL == "https://b.example")
        #expect(found.version == "5.6.0", "a call without a version says nothing")
        #expect(found.firstSeenAt == Self.start)
        #expect(found.lastSeenAt == Self.start + 30)
        #expect(found.lastStreamAt == Self.start + 20)
        #expect(found.lastEventsAt == Self.start + 5)
        #expect(found.lastOrigin == .stream)
        #expect(found.lastRefusal == refusal(at: Self.start + 30, reason: "client_share"))
        #expect(found.refusalsByReason.map(\.reason) == ["client_share"])
        #expect(found.quarantinedByReason.map(\.count) == [3])
    }

    @Test func whatARefusedCallClaimsReplacesNothing() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        var good = change("a", url: "https://mine.example")
        good.licence = SenderLicence(digest: "0123456789ab", tags: ["mine"])
        try record(layout, [good])
        var forged = change("a", at: Self.start + 1, url: "https://evil.example", isAdmitted: false)
        forged.refuse(refusal(at: Self.start + 1))
        try record(layout, [forged])
        let found = try #require(try all(layout).first)
        #expect(found.externalURL == "https://mine.example")
        #expect(found.licence?.tags == ["mine"])
        #expect(found.refusals == 1)
        // Both in one transaction, too.
        var third = change("b", url: "https://mine.example")
        third.licence = good.licence
        var fourth = change("b", at: Self.start + 1, url: "https://evil.example", isAdmitted: false)
        fourth.refuse(refusal(at: Self.start + 1))
        try record(layout, [third, fourth])
        #expect(try all(layout, SenderSearch(client: "b")).first?.externalURL == "https://mine.example")
    }

    @Test func thoseThatWereNeverAdmittedGoFirst() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        let real = (0..<50).map { change("real-\($0)", at: Self.start + Int64($0)) }
        try record(layout, maximumSenders: 100, real)
        let flood = (0..<500).map { number in
            var change = change("flood-\(number)", at: Self.start + 1000 + Int64(number), isAdmitted: false)
            change.refuse(refusal(at: Self.start + 1000))
            return change
        }
        try record(layout, maximumSenders: 100, maximumPending: 1000, flood)
        #expect(try SenderReader(layout: layout).count(SenderSearch()) <= 100)
        #expect(try SenderReader(layout: layout).count(SenderSearch(text: "real-")) == 50)
        let more = (50..<200).map { change("real-\($0)", at: Self.start + 2000 + Int64($0)) }
        try record(layout, maximumSenders: 100, maximumPending: 1000, more)
        #expect(try SenderReader(layout: layout).count(SenderSearch()) <= 100)
        #expect(try all(layout, SenderSearch(client: "real-199")).count == 1, "the newest stays")
        #expect(try all(layout, SenderSearch(client: "real-0")).isEmpty, "the oldest goes")
    }

    @Test func searches() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        var licensed = change("Instance-1", url: "https://One.example/")
        licensed.licence = SenderLicence(digest: "0123456789ab")
        var refused = change("two", at: Self.start + 1, isAdmitted: false)
        refused.refuse(refusal(at: Self.start + 1))
        try record(layout, [licensed, refused, change("100%_a", at: Self.start + 2)])
        func clients(_ search: SenderSearch) throws -> [String] { try all(layout, search).map(\.client) }
        #expect(try clients(SenderSearch()) == ["100%_a", "two", "Instance-1"], "newest first")
        #expect(try clients(SenderSearch(limit: 1, offset: 1)) == ["two"])
        #expect(try clients(SenderSearch(text: "instance")) == ["Instance-1"])
        #expect(try clients(SenderSearch(text: "ONE.EXAMPLE")) == ["Instance-1"])
        #expect(try clients(SenderSearch(text: "%")) == ["100%_a"], "no wildcards")
        #expect(try clients(SenderSearch(client: "instance-1")).isEmpty, "ids are exact")
        #expect(try clients(SenderSearch(externalURL: "https://one.example")) == ["Instance-1"])
        #expect(try clients(SenderSearch(licenceDigest: "0123456")) == ["Instance-1"])
        #expect(try clients(SenderSearch(licenceDigest: "0123456789ABcdefffff")) == ["Instance-1"], "all of a digest")
        #expect(try clients(SenderSearch(licenceDigest: "abcdef")) == ["two"], "of a refused key, too")
        #expect(try clients(SenderSearch(licenceDigest: "999999")).isEmpty)
    }

    @Test func aDamagedFileIsSetAsideAndBegunAnew() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        try TemporaryDirectory.write(Array("this is no database, and has never been one ".utf8), to: layout.sendersPath)
        #expect(throws: StoreError.self) { try all(layout) }
        let reasons = Recorder<StoreError.Code>()
        var observer = SenderDirectoryObserver()
        observer.setAside = { error, _ in reasons.record(error.code) }
        let senders = try SenderDirectory(layout: layout, interval: .milliseconds(1), observer: observer)
        senders.note(change("a"))
        while reasons.values.isEmpty { sched_yield() }
        senders.shutdown()
        #expect(reasons.values == [.corrupt])
        #expect(try all(layout).map(\.client) == ["a"], "what waited is written to the new file")
        #expect(TemporaryDirectory.exists(layout.setAsideSendersPath))
    }

    @Test func aFullDiskHeals() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        try record(layout, [change("before")])
        let failures = Recorder<StoreError.Code>()
        var observer = SenderDirectoryObserver()
        observer.failed = { failures.record($0.code) }
        DiskFaults.fail(below: layout.root, with: ENOSPC)
        defer { DiskFaults.lift(below: layout.root) }
        let senders = try SenderDirectory(layout: layout, interval: .milliseconds(1), observer: observer)
        senders.note(change("during", at: Self.start + 1))
        while failures.values.count < 3 { sched_yield() }
        senders.note(change("during", at: Self.start + 2))
        DiskFaults.lift(below: layout.root)
        senders.shutdown()
        #expect(failures.values.allSatisfy { $0 == .full || $0 == .io })
        #expect(try all(layout).map(\.client) == ["during", "before"])
        #expect(try all(layout).map(\.streams) == [2, 1], "once each")
    }

    @Test func tooManyThatWaitAreForgottenAndCounted() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        let dropped = Recorder<Int>()
        var observer = SenderDirectoryObserver()
        observer.dropped = { dropped.record($0) }
        try record(
            layout, maximumPending: 10, observer: observer,
            (0..<15).map { change("\($0)") } + [change("3"), change("14")])
        #expect(dropped.values == [6])
        #expect(try SenderReader(layout: layout).count(SenderSearch()) == 10)
        #expect(try all(layout, SenderSearch(client: "3")).first?.streams == 2, "those that have room go on counting")
    }

    @Test func callsUnderWayAreAsked() throws {
        let (directory, layout) = try spool()
        defer { withExtendedLifetime(directory) {} }
        final class Call: SenderSource {
            let changes: Mutex<[SenderChange]>
            init(_ changes: [SenderChange]) { self.changes = Mutex(changes) }
            func takeSenderChange() -> SenderChange? { changes.withLock { $0.popLast() } }
        }
        let call = Call([change("a", at: Self.start + 1), change("a")])
        let senders = try SenderDirectory(layout: layout, interval: .milliseconds(1))
        senders.began(call)
        while !call.changes.withLock({ $0.isEmpty }) { sched_yield() }
        senders.ended(call)
        senders.shutdown()
        #expect(try all(layout).map(\.streams) == [2])
    }

    @Test func longNamesAreCutBetweenCharacters() throws {
        #expect("äöü".cut(toBytes: 3) == "ä")
        #expect("äöü".cut(toBytes: 6) == "äöü")
        #expect("".cut(toBytes: 0) == "")
        let long = String(repeating: "é", count: 1000)
        #expect(SenderKey(source: "s", client: long).client.utf8.count <= SenderKey.maximumNameBytes)
    }
}

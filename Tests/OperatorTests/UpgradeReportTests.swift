internal import Contract
internal import Operator
internal import Store
internal import Testing

@Suite struct UpgradeReportTests {
    private let first = SpoolFormat(number: 1, segmentVersion: 1, ledgerVersion: 1)
    private let second = SpoolFormat(number: 2, segmentVersion: 1, ledgerVersion: 2)
    private let third = SpoolFormat(number: 3, segmentVersion: 2, ledgerVersion: 2)

    private func segment(_ version: Int64?, _ number: Int = 1) -> SpoolFileVersion {
        SpoolFileVersion(
            kind: .segment, name: "segments/\(number)", version: version,
            problem: version == nil ? "segments/\(number): damaged" : nil)
    }

    private func ledger(_ version: Int64?) -> SpoolFileVersion {
        SpoolFileVersion(
            kind: .ledger, name: "ledger.db", version: version, problem: version == nil ? "ledger.db: damaged" : nil)
    }

    private func report(_ files: [SpoolFileVersion], _ current: SpoolFormat, _ previous: SpoolFormat?) -> UpgradeReport
    {
        UpgradeReport(spool: "/s", files: files, current: current, previous: previous)
    }

    @Test func beforeAnUpgradeBothReadIt() {
        let report = report([segment(1, 1), segment(1, 2), ledger(1)], second, first)
        #expect(report.thisReads && report.previousReads == true && report.isGoodForBoth)
        #expect(report.rows.map(\.files) == [2, 1])
        #expect(report.previousReadsAfterStart == false)
        let text = report.text(style: .plain)
        #expect(text.contains("yes: this version reads all of this spool\nyes: the previous version reads all"))
        #expect(text.contains("After the first start of this version the previous one can not read it any more: "))
        #expect(text.contains("its forwarder brings the ledger to version 2."))
        #expect(!text.contains("its ingest"))
    }

    @Test func afterAnUpgradeTheWayBackIsTold() {
        let report = report([segment(1), segment(2, 2), ledger(2)], third, second)
        #expect(report.thisReads && report.previousReads == false && !report.isGoodForBoth)
        #expect(report.rows.map(\.previousReads) == [true, false, true])
        let text = report.text(style: .plain)
        #expect(text.contains("no: the previous version can not read all of this spool"))
        #expect(text.contains("The way back: let this version drain the spool (gatewayctl drain)"))
    }

    @Test func aNewerSpoolIsRefused() {
        let report = report([segment(1), ledger(3)], third, second)
        #expect(!report.thisReads && report.previousReads == false)
        #expect(report.text(style: .plain).contains("no: this version can not read all of this spool"))
        #expect(report.next.first?.hasPrefix("Run the version that wrote it, or a newer one") == true)
    }

    @Test func theSameFormatNeedsNoAdvice() {
        let same = SpoolFormat(number: 3, segmentVersion: 1, ledgerVersion: 2)
        let report = report([segment(1), ledger(2)], same, second)
        #expect(report.isGoodForBoth && report.previousReadsAfterStart == true && report.next.isEmpty)
    }

    @Test func theFirstVersionHasNoPrevious() {
        let report = report([ledger(1)], first, nil)
        #expect(report.isGoodForBoth && report.previousReads == nil && report.next.isEmpty)
        #expect(report.text(style: .plain).contains("previous version  none"))
    }

    @Test func anEmptySpoolIsGoodForBoth() {
        let report = report([], second, first)
        #expect(report.isGoodForBoth)
        #expect(report.text(style: .plain).contains("no files yet"))
    }

    /// A segment whose header is damaged is salvaged by every version; a ledger is not.
    @Test func damageIsShown() {
        let damagedSegment = report([segment(nil)], second, first)
        #expect(damagedSegment.isGoodForBoth)
        #expect(damagedSegment.text(style: .plain).contains("look at segments/1: damaged"))
        #expect(!report([ledger(nil)], second, first).thisReads)
    }

    @Test func programsGetNames() {
        let json = String(decoding: report([segment(1), ledger(1)], second, first).json.line, as: UTF8.self)
        #expect(
            json.hasPrefix(
                #"{"spool":"/s","version":"0.1.0","this":{"format":2,"segments":1,"ledger":2},"#
                    + #""previous":{"format":1,"segments":1,"ledger":1},"this_reads":true,"previous_reads":true,"#
                    + #""previous_reads_after_start":false,"files":[{"kind":"segment","version":1,"files":1,"#))
    }
}

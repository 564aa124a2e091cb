internal import Contract
internal import Foundation
internal import Operator
internal import Testing

@Suite struct SendReportTests {
    private static var report: SendReport {
        var figures = AcknowledgementTally.Figures()
        figures.events = 25
        figures.batches = 1
        figures.acknowledged = 13
        figures.missing = 12
        figures.missingIDs = ["a", "b"]
        var counts = BatchSource.Counts()
        counts.newIDs = 1
        counts.invalidLines = 2
        return SendReport(figures: figures, counts: counts, duration: 12_345_678)
    }

    @Test func theLastLineHasTheFigures() {
        #expect(Self.report.text == "sent 25 events in 1 batch, 13 acknowledged, 0.012 s\n")
    }

    @Test func whatIsMissingIsAProblem() {
        #expect(Self.report.notes == ["1 event had no id and got a new one"])
        #expect(Self.report.problem == "2 lines could not be sent; 12 events not acknowledged: a, b and 10 more")
    }

    @Test func nothingMissingIsNoProblem() {
        let report = SendReport(figures: AcknowledgementTally.Figures(), counts: BatchSource.Counts(), duration: 0)
        #expect(report.problem == nil)
        #expect(report.eventsPerSecond == 0)
    }

    @Test func jsonHasTheDocumentedMembers() throws {
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(Self.report.json.line)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "events", "batches", "bytes", "acknowledged", "missing", "missing_ids", "unexpected", "new_ids",
                "ignored_fields", "invalid_lines", "not_acceptable", "seconds", "events_per_second",
            ])
        #expect(object["seconds"] as? Double == 0.012)
        #expect(object["missing_ids"] as? [String] == ["a", "b"])
    }

    @Test func progressShowsHowMuchIsRead() {
        var figures = AcknowledgementTally.Figures()
        figures.events = 1_000
        figures.acknowledged = 500
        #expect(
            ProgressLine.text(figures, fraction: 0.5, elapsed: 500_000_000)
                == "[============            ]  50%  1,000 events sent, 500 acknowledged, 2,000/s")
        #expect(
            ProgressLine.text(figures, fraction: nil, elapsed: 0) == "1,000 events sent, 500 acknowledged, 0/s")
    }
}

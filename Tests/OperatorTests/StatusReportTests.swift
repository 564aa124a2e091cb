internal import Foundation
internal import Operator
internal import Store
internal import Testing

@Suite struct StatusReportTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    private static var full: SpoolStatus {
        var status = SpoolStatus()
        status.segments = 3
        status.sealedSegments = 2
        status.bytesOnDisk = 12 << 20
        status.stored = SegmentTotals(batches: 1_234, events: 1_200_000, quarantined: 3, payloadBytes: 700 << 20)
        status.destinations = [
            SpoolStatus.Destination(
                name: "file:///var/delivered", deliveredEvents: 1_000_000, deliveredBytes: 640 << 20,
                lastDeliveryAt: now - 2_000_000_000,
                waiting: SegmentTotals(batches: 1, events: 200, payloadBytes: 1536),
                oldestWaitingAt: now - 192_000_000_000),
            SpoolStatus.Destination(
                name: "pubsub://p/t", deliveredEvents: 0, deliveredBytes: 0, lastDeliveryAt: nil,
                waiting: SegmentTotals(), oldestWaitingAt: nil),
        ]
        status.quarantinedEvents = 3
        status.damagedBatches = 1
        status.damagedEvents = 10
        status.unreadable = ["spool/segments/7.segment: not a database"]
        status.ingestIsRunning = true
        return status
    }

    @Test func textIsAlignedAndComplete() {
        let report = StatusReport(spool: "var/spool", status: Self.full, at: Self.now)
        #expect(
            report.text(style: .plain) == """
                Spool var/spool
                  ingest        running
                  forwarder     not running
                  segments      3 (2 sealed), 12.0 MiB on disk
                  stored        1,200,000 events in 1,234 batches, 700.0 MiB, delivered or not
                  quarantined   3 events
                  damaged       1 batch with at least 10 events
                  unreadable    spool/segments/7.segment: not a database

                Destination file:///var/delivered
                  waiting       200 events in 1 batch, 1.5 KiB
                  oldest        3 min 12 s ago  2027-01-15T07:56:48Z
                  delivered     1,000,000 events, 640.0 MiB
                  last delivery 2 s ago  2027-01-15T07:59:58Z

                Destination pubsub://p/t
                  waiting       nothing
                  delivered     0 events, 0 B
                  last delivery never

                """)
    }

    @Test func aSpoolWithoutDestinationsSaysWhatWaits() {
        var status = SpoolStatus()
        status.stored = SegmentTotals(batches: 1, events: 1, payloadBytes: 10)
        let text = StatusReport(spool: "s", status: status, at: Self.now).text(style: .plain)
        #expect(text.contains("No destination yet\n  waiting       1 event in 1 batch, 10 B\n"))
    }

    @Test func onlyAColouredStyleWritesEscapeSequences() {
        let report = StatusReport(spool: "s", status: Self.full, at: Self.now)
        #expect(!report.text(style: .plain).contains("\u{1B}"))
        #expect(report.text(style: TextStyle(isColoured: true)).contains("\u{1B}[32mrunning\u{1B}[0m"))
    }

    @Test func jsonHasTheDocumentedMembers() throws {
        let report = StatusReport(spool: "a \"spool\"\n", status: Self.full, at: Self.now)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(report.json.line)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "spool", "at", "ingest_running", "forwarder_running", "segments", "sealed_segments", "bytes_on_disk",
                "stored", "quarantined_events", "damaged_batches", "damaged_events", "unreadable", "destinations",
            ])
        #expect(object["spool"] as? String == "a \"spool\"\n")
        #expect(object["ingest_running"] as? Bool == true)
        let destinations = try #require(object["destinations"] as? [[String: Any]])
        let first = try #require(destinations.first)
        #expect(first["oldest_waiting_seconds"] as? Double == 192)
        #expect((first["waiting"] as? [String: Any])?["payload_bytes"] as? Int == 1536)
        #expect(destinations.last?["last_delivery_at"] is NSNull)
    }

    @Test func jsonIsOneLine() {
        let line = StatusReport(spool: "s\n", status: Self.full, at: Self.now).json.line
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    }
}

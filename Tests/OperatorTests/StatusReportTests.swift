internal import Contract
internal import Forwarder
internal import Foundation
internal import Operator
internal import Store
internal import Testing

@Suite struct StatusReportTests {
    private static let now: Int64 = 1_800_000_000_000_000_000
    private static let second: Int64 = 1_000_000_000

    private static var full: SpoolFigures {
        var status = SpoolStatus()
        status.segments = 3
        status.sealedSegments = 2
        status.retainedSegments = 1
        status.retainedBytes = 1 << 20
        status.bytesOnDisk = 12 << 20
        status.stored = SegmentTotals(batches: 1_234, events: 1_200_000, quarantined: 3, payloadBytes: 700 << 20)
        var file = SpoolStatus.Destination(
            name: "file:///var/delivered", deliveredEvents: 1_000_000, deliveredBytes: 640 << 20,
            lastDeliveryAt: now - 2 * second, waiting: SegmentTotals(batches: 1, events: 200, payloadBytes: 1536),
            oldestWaitingAt: now - 192 * second)
        file.outcomes.delivered = 1_000_000
        file.outcomes.dead = 3
        file.outcomes.expired = 5
        file.deadLetters.letters = 3
        file.replaying = 1
        file.deadLetters.bytes = 2048
        file.deadLetters.oldestAt = now - 7200 * second
        let topic = SpoolStatus.Destination(
            name: "pubsub://p/t\u{1B}[2J", deliveredEvents: 0, deliveredBytes: 0, lastDeliveryAt: nil,
            waiting: SegmentTotals(), oldestWaitingAt: nil)
        status.destinations = [file, topic]
        status.quarantinedEvents = 3
        status.damagedBatches = 1
        status.damagedEvents = 10
        status.unreadable = ["spool/segments/7.segment: not a database"]
        status.ingestIsRunning = true
        status.forwarderIsRunning = true
        return SpoolFigures(
            at: now, status: status, roomBytes: 4 << 30, timeToFull: .seconds(93_600),
            destinations: [
                SpoolFigures.Destination(
                    stored: file,
                    delivery: DeliveryStatus(
                        name: file.name, breaker: "open", openUntil: now + 3 * second, concurrency: 16.04, inFlight: 12,
                        rateIn: 5000.4, rateOut: 6200,
                        lastError: DeliveryStatus.Failure(
                            code: "unavailable", message: "the server\nsays no", at: now - 12 * second)),
                    timeToEmpty: .seconds(12.7)),
                SpoolFigures.Destination(
                    stored: topic,
                    delivery: DeliveryStatus(
                        name: topic.name, rateIn: 0.25, rateOut: 0, isPaused: true, pauseReason: "being moved"),
                    timeToEmpty: .now),
            ])
    }

    @Test func textIsAlignedAndComplete() {
        let report = StatusReport(spool: "var/spool", figures: Self.full)
        #expect(
            report.text(style: .plain) == """
                Spool var/spool  2027-01-15T08:00:00Z
                  processes     ingest running, forwarder running
                  disk          3 segments, 12.0 MiB, room for 4.0 GiB, full in 1 d 2 h
                                limits of this environment
                  stored        1,200,000 events in 1,234 batches, 700.0 MiB, delivered or not
                  retained      1 segment, 1.0 MiB, for replays
                  set aside     3 events quarantined, 1 batch damaged with at least 10 events
                  unreadable    spool/segments/7.segment: not a database

                Destination file:///var/delivered
                  waiting       200 events in 1 batch, 1.5 KiB, the oldest for 3 min 12 s
                  rates         in 5,000/s, out 6,200/s, empty in 12 s
                  state         delivering, breaker open, next try in 3 s, 12 of 16 requests
                  events        1,000,000 delivered, 3 dead, 5 expired of 1,000,208 accepted
                  dead letters  3, 2.0 KiB, the oldest for 2 h, 1 being sent again
                  last delivery 2 s ago, 640.0 MiB in all
                  last error    12 s ago, unavailable: the server says no

                Destination pubsub://p/t [2J
                  waiting       nothing
                  rates         in 0.3/s, out 0/s, empty
                  state         paused (being moved), breaker closed
                  events        0 delivered of 0 accepted
                  last delivery never

                """)
    }

    @Test func itFitsIntoASmallTerminal() {
        let lines = StatusReport(spool: "var/spool", figures: Self.full).text(style: .plain).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.filter { $0.count > 80 }.isEmpty)
        #expect(lines.count <= 24)
    }

    @Test func aForwarderThatDoesNotAnswerIsSaid() {
        let text = StatusReport(spool: "s", figures: Self.full, liveProblem: "no answer").text(style: .plain)
        #expect(text.contains("forwarder running\n                no answer\n"))
    }

    @Test func aSpoolWithoutDestinationsSaysWhatWaits() {
        var status = SpoolStatus()
        status.stored = SegmentTotals(batches: 1, events: 1, payloadBytes: 10)
        let figures = SpoolFigures(at: Self.now, status: status, roomBytes: 0, timeToFull: .now, destinations: [])
        let text = StatusReport(spool: "s", figures: figures).text(style: .plain)
        #expect(text.contains("No destination yet\n  waiting       1 event in 1 batch, 10 B\n"))
        #expect(text.contains("no room left"))
    }

    @Test func onlyAColouredStyleWritesEscapeSequences() {
        let report = StatusReport(spool: "s", figures: Self.full)
        #expect(!report.text(style: .plain).contains("\u{1B}"))
        #expect(report.text(style: TextStyle(isColoured: true)).contains("\u{1B}[32mrunning\u{1B}[0m"))
    }

    @Test func jsonHasTheDocumentedMembers() throws {
        let report = StatusReport(spool: "a \"spool\"\n", figures: Self.full)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(report.json.line)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "spool", "at", "ingest_running", "forwarder_running", "forwarder_problem", "reloads", "segments",
                "sealed_segments", "bytes_on_disk", "retained_segments", "retained_bytes", "room_bytes", "limits",
                "seconds_to_full", "stored", "quarantined_events",
                "damaged_batches", "damaged_events", "unreadable", "destinations",
            ])
        #expect(object["spool"] as? String == "a \"spool\"\n")
        #expect(object["ingest_running"] as? Bool == true)
        let destinations = try #require(object["destinations"] as? [[String: Any]])
        let first = try #require(destinations.first)
        #expect(
            Set(first.keys) == [
                "name", "configured", "waiting", "oldest_waiting_at", "oldest_waiting_seconds", "accepted_events",
                "outcomes",
                "delivered_events", "delivered_bytes", "last_delivery_at", "rate_in", "rate_out", "seconds_to_empty",
                "breaker", "breaker_open_until", "concurrency", "requests_in_flight", "paused", "pause_reason",
                "draining", "last_error", "dead_letters", "replaying_dead_letters", "replays",
            ])
        #expect(first["oldest_waiting_seconds"] as? Double == 192)
        #expect((first["waiting"] as? [String: Any])?["payload_bytes"] as? Int == 1536)
        #expect((first["outcomes"] as? [String: Any])?["expired"] as? Int == 5)
        #expect(first["seconds_to_empty"] as? Double == 12.7)
        #expect((first["last_error"] as? [String: Any])?["code"] as? String == "unavailable")
        #expect(destinations.last?["last_delivery_at"] is NSNull)
        #expect(destinations.last?["paused"] as? Bool == true)
    }

    @Test func jsonIsOneLine() {
        let line = StatusReport(spool: "s\n", figures: Self.full).json.line
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    }
}

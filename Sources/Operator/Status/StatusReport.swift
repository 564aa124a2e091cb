internal import Runtime
package import Store

/// A spool's state, ready to be shown.
package struct StatusReport: Sendable {
    /// The spool directory, as it was named.
    package let spool: String
    /// What was found.
    package let status: SpoolStatus
    /// When, in nanoseconds since 1970.
    package let at: Int64

    private static let labelColumns = 14

    /// Makes a report from its parts.
    package init(spool: String, status: SpoolStatus, at: Int64) {
        self.spool = spool
        self.status = status
        self.at = at
    }

    /// The report for people, each line with its newline.
    package func text(style: TextStyle) -> String {
        var text = style.heading("Spool \(spool)") + "\n"
        text += line("ingest", running(status.ingestIsRunning, style))
        text += line("forwarder", running(status.forwarderIsRunning, style))
        text += line(
            "segments",
            "\(HumaneText.count(Int64(status.segments))) (\(HumaneText.count(Int64(status.sealedSegments))) sealed), "
                + "\(HumaneText.bytes(status.bytesOnDisk)) on disk")
        text += line("stored", batches(status.stored) + ", delivered or not")
        if status.quarantinedEvents > 0 {
            text += line("quarantined", style.warning(HumaneText.events(status.quarantinedEvents)))
        } else {
            text += line("quarantined", "none")
        }
        text += line("damaged", damaged(style))
        for problem in status.unreadable { text += line("unreadable", style.failure(problem)) }
        for destination in status.destinations { text += "\n" + section(destination, style) }
        if status.destinations.isEmpty {
            text += "\n" + style.heading("No destination yet") + "\n"
            text += line("waiting", batches(status.stored))
            text += line("", style.detail("a destination is listed once telemetry-forwarder has run on this spool"))
        }
        return text
    }

    /// The report for programs. Names and units are stable.
    package var json: JSONValue {
        .object([
            ("spool", .string(spool)),
            ("at", .string(RFC3339.format(at))),
            ("ingest_running", .bool(status.ingestIsRunning)),
            ("forwarder_running", .bool(status.forwarderIsRunning)),
            ("segments", .number(Int64(status.segments))),
            ("sealed_segments", .number(Int64(status.sealedSegments))),
            ("bytes_on_disk", .number(status.bytesOnDisk)),
            ("stored", Self.json(status.stored)),
            ("quarantined_events", .number(status.quarantinedEvents)),
            ("damaged_batches", .number(status.damagedBatches)),
            ("damaged_events", .number(status.damagedEvents)),
            ("unreadable", .array(status.unreadable.map { .string($0) })),
            ("destinations", .array(status.destinations.map(json))),
        ])
    }

    private func json(_ destination: SpoolStatus.Destination) -> JSONValue {
        let age = destination.oldestWaitingAt.map { max(0, at - $0) }
        return .object([
            ("name", .string(destination.name)),
            ("waiting", Self.json(destination.waiting)),
            ("oldest_waiting_at", .optional(destination.oldestWaitingAt.map { RFC3339.format($0) })),
            ("oldest_waiting_seconds", age.map { .decimal(HumaneText.decimalSeconds($0)) } ?? .null),
            ("delivered_events", .number(destination.deliveredEvents)),
            ("delivered_bytes", .number(destination.deliveredBytes)),
            ("last_delivery_at", .optional(destination.lastDeliveryAt.map { RFC3339.format($0) })),
        ])
    }

    private static func json(_ totals: SegmentTotals) -> JSONValue {
        .object([
            ("batches", .number(totals.batches)),
            ("events", .number(totals.events)),
            ("payload_bytes", .number(totals.payloadBytes)),
        ])
    }

    private func section(_ destination: SpoolStatus.Destination, _ style: TextStyle) -> String {
        var text = style.heading("Destination \(destination.name)") + "\n"
        text += line("waiting", destination.waiting.events > 0 ? batches(destination.waiting) : "nothing")
        if let oldest = destination.oldestWaitingAt { text += line("oldest", age(oldest, style)) }
        text += line(
            "delivered",
            "\(HumaneText.events(destination.deliveredEvents)), \(HumaneText.bytes(destination.deliveredBytes))")
        text += line("last delivery", destination.lastDeliveryAt.map { age($0, style) } ?? "never")
        return text
    }

    private func damaged(_ style: TextStyle) -> String {
        guard status.damagedBatches > 0 else { return "none" }
        return style.failure(
            "\(HumaneText.quantity(status.damagedBatches, "batch", "batches")) with at least "
                + HumaneText.events(status.damagedEvents))
    }

    private func batches(_ totals: SegmentTotals) -> String {
        "\(HumaneText.events(totals.events)) in \(HumaneText.quantity(totals.batches, "batch", "batches")), "
            + HumaneText.bytes(totals.payloadBytes)
    }

    private func running(_ isRunning: Bool, _ style: TextStyle) -> String {
        isRunning ? style.good("running") : style.warning("not running")
    }

    private func age(_ time: Int64, _ style: TextStyle) -> String {
        "\(HumaneText.span(at - time)) ago  " + style.detail(RFC3339.format(time, fraction: .seconds))
    }

    private func line(_ label: String, _ value: String) -> String {
        "  " + label + String(repeating: " ", count: max(1, Self.labelColumns - label.count)) + value + "\n"
    }
}

package import Contract

/// What `gatewayctl send` did.
package struct SendReport: Sendable, Hashable {
    /// What was sent and answered.
    package let figures: AcknowledgementTally.Figures
    /// What became of the lines.
    package let counts: BatchSource.Counts
    /// How long it took, in nanoseconds.
    package let duration: Int64

    private static let nanosecondsPerSecond = 1e9

    /// Makes a report from its parts.
    package init(figures: AcknowledgementTally.Figures, counts: BatchSource.Counts, duration: Int64) {
        self.figures = figures
        self.counts = counts
        self.duration = duration
    }

    /// Events sent a second, over the whole time.
    package var eventsPerSecond: Int64 {
        duration > 0 ? Int64(Double(figures.events) / (Double(duration) / Self.nanosecondsPerSecond)) : 0
    }

    /// The last line for people, with its newline.
    package var text: String {
        "sent \(HumaneText.events(figures.events)) in "
            + "\(HumaneText.quantity(figures.batches, "batch", "batches")), "
            + "\(HumaneText.count(figures.acknowledged)) acknowledged, \(HumaneText.seconds(duration))\n"
    }

    /// What people should know besides, one line each, without newlines.
    package var notes: [String] {
        var notes: [String] = []
        if counts.newIDs > 0 { notes.append("\(HumaneText.events(counts.newIDs)) had no id and got a new one") }
        if counts.ignoredFields > 0 {
            notes.append("\(HumaneText.events(counts.ignoredFields)) had a field that the contract does not have")
        }
        if counts.refusals > 0 {
            notes.append("\(HumaneText.events(counts.refusals)) not acceptable: see the warnings for the reasons")
        }
        return notes
    }

    /// Why the answer is no although the stream ended well; nil when all was sent and acknowledged.
    package var problem: String? {
        var problems: [String] = []
        if counts.invalidLines > 0 {
            problems.append("\(HumaneText.quantity(counts.invalidLines, "line", "lines")) could not be sent")
        }
        if figures.missing > 0 {
            let more = figures.missing - Int64(figures.missingIDs.count)
            problems.append(
                "\(HumaneText.events(figures.missing)) not acknowledged: \(figures.missingIDs.joined(separator: ", "))"
                    + (more > 0 ? " and \(HumaneText.count(more)) more" : ""))
        }
        if figures.unexpected > 0 {
            problems.append("\(HumaneText.count(figures.unexpected)) acknowledged ids were never sent")
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    /// The report for programs. Names and units are stable.
    package var json: JSONValue {
        .members([
            ("events", .number(figures.events)),
            ("batches", .number(figures.batches)),
            ("bytes", .number(figures.bytes)),
            ("acknowledged", .number(figures.acknowledged)),
            ("missing", .number(figures.missing)),
            ("missing_ids", .array(figures.missingIDs.map { .string($0) })),
            ("unexpected", .number(figures.unexpected)),
            ("new_ids", .number(counts.newIDs)),
            ("ignored_fields", .number(counts.ignoredFields)),
            ("invalid_lines", .number(counts.invalidLines)),
            ("not_acceptable", .number(counts.refusals)),
            ("seconds", .decimal(HumaneText.decimalSeconds(duration))),
            ("events_per_second", .number(eventsPerSecond)),
        ])
    }
}

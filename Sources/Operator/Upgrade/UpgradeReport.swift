package import Contract
internal import Runtime
package import Store

/// Whether this version and the one before it can read a spool, ready to be shown.
package struct UpgradeReport: Sendable {
    /// Files of one kind and version.
    package struct Row: Sendable, Hashable {
        /// What kind of files.
        package let kind: SpoolFileVersion.Kind
        /// The version of their schema; nil when it can not be told.
        package let version: Int64?
        /// How many.
        package let files: Int64
        /// Whether this version reads them.
        package let thisReads: Bool
        /// Whether the version before reads them; nil when there is none.
        package let previousReads: Bool?
    }

    /// The spool directory, as it was named.
    package let spool: String
    /// What this version reads and writes.
    package let current: SpoolFormat
    /// What the version before read and wrote; nil for the first.
    package let previous: SpoolFormat?
    /// The spool's files, by kind and version.
    package let rows: [Row]
    /// Files whose version can not be told.
    package let problems: [String]

    /// Makes a report.
    package init(
        spool: String, files: [SpoolFileVersion], current: SpoolFormat = .current,
        previous: SpoolFormat? = SpoolFormat.current.previous
    ) {
        self.spool = spool
        self.current = current
        self.previous = previous
        var rows: [Row] = []
        for kind in SpoolFileVersion.Kind.allCases {
            let ofKind = files.filter { $0.kind == kind }
            for version in Set(ofKind.map(\.version)).sorted(by: { ($0 ?? -1) < ($1 ?? -1) }) {
                let same = ofKind.filter { $0.version == version }
                rows.append(
                    Row(
                        kind: kind, version: version, files: Int64(same.count),
                        thisReads: same.allSatisfy(current.reads),
                        previousReads: previous.map { same.allSatisfy($0.reads) }))
            }
        }
        self.rows = rows
        problems = files.compactMap(\.problem)
    }

    /// Whether this version reads all of the spool.
    package var thisReads: Bool { rows.allSatisfy(\.thisReads) }
    /// Whether the version before reads all of the spool as it is now; nil when there is none.
    package var previousReads: Bool? { previous.map { _ in rows.allSatisfy { $0.previousReads == true } } }
    /// Whether the version before reads what this version writes from its first start on; nil when there is none.
    package var previousReadsAfterStart: Bool? {
        previous.map { $0.segmentVersion >= current.segmentVersion && $0.ledgerVersion >= current.ledgerVersion }
    }

    /// Whether both read all of it.
    package var isGoodForBoth: Bool { thisReads && previousReads != false }

    /// The report for people.
    package func text(style: TextStyle, width: Int? = nil) -> String {
        var text = style.heading("Spool \(TerminalText.clean(spool))") + "\n"
        text += "  this version      \(GatewayVersion.current), \(Self.describe(current))\n"
        text += "  previous version  \(previous.map(Self.describe) ?? "none: this is the first")\n\n"
        var table = TextTable([
            ("FILES", .right), ("KIND", .left), ("VERSION", .right), ("THIS VERSION", .left),
            ("PREVIOUS VERSION", .left),
        ])
        for row in rows {
            table.add([
                HumaneText.count(row.files), row.kind.rawValue, row.version.map { "\($0)" } ?? "?",
                row.thisReads ? "reads" : "can not read",
                row.previousReads.map { $0 ? "reads" : "can not read" } ?? "",
            ])
        }
        text += table.isEmpty ? "no files yet\n" : table.text(style: style, width: width)
        text += "\n"
        for problem in problems { text += style.warning("look") + " at \(TerminalText.clean(problem))\n" }
        text += verdict("this version", thisReads, style)
        if let previousReads { text += verdict("the previous version", previousReads, style) }
        for advice in next { text += advice + "\n" }
        return text
    }

    private func verdict(_ name: String, _ reads: Bool, _ style: TextStyle) -> String {
        reads
            ? style.good("yes") + ": \(name) reads all of this spool\n"
            : style.failure("no") + ": \(name) can not read all of this spool\n"
    }

    /// What to do, in sentences.
    package var next: [String] {
        guard thisReads else {
            return [
                "Run the version that wrote it, or a newer one; or let that one drain the spool (gatewayctl drain), and "
                    + "start this one with an empty directory."
            ]
        }
        guard let previous, let previousReads else { return [] }
        guard previousReads else { return ["The way back: " + Self.wayBack] }
        guard previousReadsAfterStart == false else { return [] }
        var changes: [String] = []
        if previous.ledgerVersion < current.ledgerVersion {
            changes.append("its forwarder brings the ledger to version \(current.ledgerVersion)")
        }
        if previous.segmentVersion < current.segmentVersion {
            changes.append("its ingest writes segments of version \(current.segmentVersion)")
        }
        return [
            "After the first start of this version the previous one can not read it any more: "
                + changes.joined(separator: ", and ") + ".", "The way back then: " + Self.wayBack,
        ]
    }

    private static let wayBack =
        "let this version drain the spool (gatewayctl drain), stop both services, move the directory away and start the "
        + "previous version with an empty one. Dead letters and quarantined events stay in the moved directory, where "
        + "gatewayctl of this version reads them."

    private static func describe(_ format: SpoolFormat) -> String {
        "spool format \(format.number): segments up to version \(format.segmentVersion), ledger up to "
            + "\(format.ledgerVersion)"
    }

    /// The report for programs. Names are stable.
    package var json: JSONValue {
        .members([
            ("spool", .string(spool)), ("version", .string(GatewayVersion.current)),
            ("this", Self.json(current)), ("previous", previous.map(Self.json) ?? .null),
            ("this_reads", .bool(thisReads)), ("previous_reads", previousReads.map { .bool($0) } ?? .null),
            ("previous_reads_after_start", previousReadsAfterStart.map { .bool($0) } ?? .null),
            (
                "files",
                .array(
                    rows.map { row in
                        .members([
                            ("kind", .string(row.kind.rawValue)),
                            ("version", row.version.map { .number($0) } ?? .null), ("files", .number(row.files)),
                            ("this_reads", .bool(row.thisReads)),
                            ("previous_reads", row.previousReads.map { .bool($0) } ?? .null),
                        ])
                    })
            ),
            ("problems", .array(problems.map { .string($0) })), ("next", .array(next.map { .string($0) })),
        ])
    }

    private static func json(_ format: SpoolFormat) -> JSONValue {
        .members([
            ("format", .number(Int64(format.number))), ("segments", .number(format.segmentVersion)),
            ("ledger", .number(format.ledgerVersion)),
        ])
    }
}

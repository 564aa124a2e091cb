/// What a build of this project can read of a spool, and what it writes.
///
/// A build reads every version of segments and ledger up to its own, and none above. So two numbers say all of it.
package struct SpoolFormat: Sendable, Hashable {
    /// Counts the formats, from 1.
    package let number: Int
    /// The newest version of segments that builds of this format read, and the one that their ingest writes.
    package let segmentVersion: Int64
    /// The newest version of the ledger that they read, and the one that their forwarder brings it to.
    package let ledgerVersion: Int64

    /// Makes a format.
    package init(number: Int, segmentVersion: Int64, ledgerVersion: Int64) {
        self.number = number
        self.segmentVersion = segmentVersion
        self.ledgerVersion = ledgerVersion
    }

    /// The formats that were released, oldest first. Each has a fixture in Tests/Fixtures/spools.
    package static let released = [
        SpoolFormat(number: 1, segmentVersion: 1, ledgerVersion: 1),
        SpoolFormat(number: 2, segmentVersion: 2, ledgerVersion: 2),
        SpoolFormat(number: 3, segmentVersion: 2, ledgerVersion: 3),
    ]

    /// The format of this build: a released one, or the one that comes after them.
    package static var current: SpoolFormat {
        current(segmentVersion: Schema.segment.version, ledgerVersion: Schema.ledger.version)
    }

    static func current(segmentVersion: Int64, ledgerVersion: Int64) -> SpoolFormat {
        released.first { $0.segmentVersion == segmentVersion && $0.ledgerVersion == ledgerVersion }
            ?? SpoolFormat(
                number: released.count + 1, segmentVersion: segmentVersion, ledgerVersion: ledgerVersion)
    }

    /// The format that came before this one; nil for the first.
    package var previous: SpoolFormat? { Self.released.last { $0.number < number } }

    /// The newest version of a kind of file that builds of this format read.
    package func version(of kind: SpoolFileVersion.Kind) -> Int64 {
        switch kind {
        case .segment: segmentVersion
        case .ledger: ledgerVersion
        }
    }

    /// Whether builds of this format read a file. One without a schema has nothing in it yet; one whose version can not
    /// be told stops no build: it is salvaged (a segment) or refused by all of them (a ledger).
    package func reads(_ file: SpoolFileVersion) -> Bool {
        guard let version = file.version else { return file.kind == .segment }
        return version <= self.version(of: file.kind)
    }
}

internal import Store

/// Which segments orders for the past still need. A value without clock and disk.
struct ReplayHold: Sendable {
    /// Batches are received a little before they are written, and clocks are set: an hour of segments around an order's
    /// time is held with it. Nanoseconds.
    private static let slack: Int64 = 3600 * 1_000_000_000

    /// The orders that are not over.
    let jobs: [ReplayJob]

    /// Whether an order may still read a segment.
    /// - Parameter finishedAt: when the last destination had it, in nanoseconds since 1970: nothing in it is younger.
    func holds(_ segment: UInt64, finishedAt: Int64) -> Bool {
        let named = SpoolLayout.createdAt(segment)
        // Numbers that ran ahead with a clock say nothing about the time.
        let begin = named <= finishedAt ? named : .min
        return jobs.contains { job in
            segment >= job.position.segment && Self.sum(begin, -Self.slack) < job.to
                && Self.sum(finishedAt, Self.slack) >= job.from
        }
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isBeyond) = left.addingReportingOverflow(right)
        return isBeyond ? (right < 0 ? .min : .max) : sum
    }
}

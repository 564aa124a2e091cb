/// Ready-made buckets.
package enum HistogramBuckets {
    /// Seconds, from 100 µs to 60 s: commits, requests, publishes. The default of a `Timer`.
    package static let seconds: [Double] = [
        0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Numbers of things, from 1 to 100,000: events in a batch. The default of a `Recorder` that aggregates.
    package static let counts: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    ]
    /// Bytes, from 256 B to 128 MiB.
    package static let bytes: [Double] = stride(from: 8, through: 27, by: 1).map { Double(1 << $0) }
}

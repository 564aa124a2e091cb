internal import Synchronization

/// How long this process took from its start until it was ready.
package enum StartupTime {
    private static let milliseconds = Atomic<Int>(-1)

    /// The process is ready; only the first call counts.
    package static func markReady() {
        let age = Int(ProcessUsage.ageSeconds() * 1000)
        _ = milliseconds.compareExchange(expected: -1, desired: age, ordering: .relaxed)
    }

    /// In seconds; nil while it starts.
    package static var seconds: Double? {
        let milliseconds = milliseconds.load(ordering: .relaxed)
        return milliseconds < 0 ? nil : Double(milliseconds) / 1000
    }
}

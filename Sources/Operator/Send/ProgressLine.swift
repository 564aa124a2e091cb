internal import Runtime
internal import Synchronization

/// One line on a terminal that is written over and over while events are sent.
package final class ProgressLine: Sendable {
    /// How often it changes at most, in nanoseconds.
    private static let interval: Int64 = 100_000_000
    private static let barColumns = 24
    private static let nanosecondsPerSecond = 1e9

    private struct State: Sendable {
        var lastShown: Int64 = 0
        var isVisible = false
    }

    private let output: TextOutput
    private let started: Int64
    private let state = Mutex(State())

    /// Makes a line on a terminal.
    package init(output: TextOutput) {
        self.output = output
        started = WallClock.monotonic()
    }

    /// Shows the figures, unless it just did.
    /// - Parameter fraction: how much of the input is read, 0 to 1; nil when nobody knows.
    package func show(_ figures: AcknowledgementTally.Figures, fraction: Double?) {
        state.withLock { state in
            let now = WallClock.monotonic()
            guard now - state.lastShown >= Self.interval else { return }
            state.lastShown = now
            state.isVisible = true
            let text = Self.text(figures, fraction: fraction, elapsed: now - started)
            output.write("\r\u{1B}[K" + String(text.prefix(max(0, output.columns - 1))))
        }
    }

    /// Takes the line away; what is written next starts at its place.
    package func clear() {
        state.withLock { state in
            if state.isVisible { output.write("\r\u{1B}[K") }
            state.isVisible = false
        }
    }

    /// The line without control characters.
    package static func text(
        _ figures: AcknowledgementTally.Figures, fraction: Double?, elapsed: Int64
    ) -> String {
        var text = ""
        if let fraction {
            let fraction = min(1, max(0, fraction))
            let done = Int(fraction * Double(barColumns))
            let percent = String(Int(fraction * 100))
            text += "[" + String(repeating: "=", count: done) + String(repeating: " ", count: barColumns - done) + "] "
            text += String(repeating: " ", count: 3 - percent.count) + percent + "%  "
        }
        let rate = elapsed > 0 ? Int64(Double(figures.events) / (Double(elapsed) / nanosecondsPerSecond)) : 0
        text += "\(HumaneText.events(figures.events)) sent, \(HumaneText.count(figures.acknowledged)) acknowledged, "
        return text + "\(HumaneText.count(rate))/s"
    }
}

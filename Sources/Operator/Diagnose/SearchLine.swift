internal import Runtime
package import Store
internal import Synchronization

/// One line on a terminal that says how far a search for an event is; nothing where nobody looks.
package final class SearchLine: Sendable {
    /// How often it changes at most, in nanoseconds.
    private static let interval: Int64 = 200_000_000

    private let output: TextOutput
    private let lastShown = Mutex<Int64?>(nil)

    /// Makes a line.
    package init(output: TextOutput) {
        self.output = output
    }

    /// Shows how far it is, unless it just did.
    package func show(_ result: EventTraceResult) {
        guard output.isTerminal else { return }
        let now = WallClock.monotonic()
        let isDue = lastShown.withLock { last in
            guard last.map({ now - $0 >= Self.interval }) ?? true else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let segments = HumaneText.quantity(Int64(result.segments), "segment", "segments")
        let text = "searched \(segments), \(HumaneText.bytes(result.bytes))"
        output.write("\r\u{1B}[K" + String(text.prefix(max(0, output.columns - 1))))
    }

    /// Takes the line away.
    package func clear() {
        if lastShown.withLock({ $0 }) != nil { output.write("\r\u{1B}[K") }
    }
}

internal import UnixSignals

/// Shows something at an interval until SIGINT or SIGTERM.
package struct WatchLoop: Sendable {
    private enum Wake: Sendable {
        case time
        case resized
        case stop
    }

    private let output: TextOutput
    private let interval: Duration

    /// Shows it on an output: in place on a terminal, else one block after the other.
    package init(output: TextOutput, interval: Duration) {
        self.output = output
        self.interval = interval
    }

    /// Shows what `text` gives, until a signal or its first error; then the terminal shows the last one and what stood
    /// there before.
    package func run(_ text: () async throws -> String) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sigwinch)
        let screen = output.isTerminal ? TerminalScreen(output: output) : nil
        let (wakes, continuation) = AsyncStream.makeStream(of: Wake.self, bufferingPolicy: .bufferingNewest(8))
        let interval = interval
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await signal in signals { continuation.yield(signal == .sigwinch ? .resized : .stop) }
            }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: interval)
                    continuation.yield(.time)
                }
            }
            defer { group.cancelAll() }
            var last = try await text()
            screen?.enter()
            defer {
                if let screen {
                    screen.leave()
                    output.write(last)
                }
            }
            show(last, screen)
            for await wake in wakes {
                switch wake {
                case .stop: return
                case .time:
                    last = try await text()
                    if screen == nil { output.write("\n") }
                    show(last, screen)
                case .resized: screen?.draw(last)
                }
            }
        }
    }

    private func show(_ text: String, _ screen: TerminalScreen?) {
        if let screen {
            screen.draw(text)
        } else {
            output.write(text)
        }
    }
}

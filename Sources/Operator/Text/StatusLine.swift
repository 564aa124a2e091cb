internal import Synchronization

/// One line on a terminal that is written over and over.
package final class StatusLine: Sendable {
    private let output: TextOutput
    private let isVisible = Mutex(false)

    /// Makes a line on a terminal.
    package init(output: TextOutput) {
        self.output = output
    }

    /// Shows a text in place of the one before.
    package func show(_ text: String) {
        isVisible.withLock { $0 = true }
        output.write("\r\u{1B}[K" + TerminalText.fit(text, columns: max(0, output.columns - 1)))
    }

    /// Takes the line away; what is written next starts at its place.
    package func clear() {
        isVisible.withLock { isVisible in
            if isVisible { output.write("\r\u{1B}[K") }
            isVisible = false
        }
    }
}

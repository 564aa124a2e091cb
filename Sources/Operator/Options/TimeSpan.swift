internal import ArgumentParser
internal import Runtime

/// A span of time as people write it: `500ms`, `2s`, `1m`.
package struct TimeSpan: ExpressibleByArgument, Sendable, Hashable {
    /// The span.
    package let duration: Duration

    /// Makes a span.
    package init(duration: Duration) {
        self.duration = duration
    }

    /// Nil for a text that is no span.
    package init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.init(duration: duration)
    }

    package var defaultValueDescription: String { DurationText.format(duration) }
}

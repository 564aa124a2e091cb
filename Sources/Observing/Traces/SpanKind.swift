/// What part a span plays between processes; the numbers are those on the wire.
package enum SpanKind: Int, Sendable, Hashable {
    /// Work inside of this process.
    case `internal` = 1
    /// Another process asked for it.
    case server = 2
    /// Another process is asked.
    case client = 3
}

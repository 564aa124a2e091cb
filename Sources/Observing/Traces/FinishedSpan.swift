/// A span that waits to be exported.
package struct FinishedSpan: Sendable, Hashable {
    /// Links that are kept: a request to a destination may hold events of a thousand streams.
    package static let maximumLinks = 32

    /// Where it stood, and when it began.
    let span: OpenSpan
    /// What was done; few different texts.
    let name: String
    let kind: SpanKind
    /// When it ended, in monotonic nanoseconds.
    let ended: Int64
    let attributes: [SpanAttribute]
    /// At most ``maximumLinks``.
    let links: [TraceContext]
    /// Links that were left out.
    let droppedLinks: Int
    let isError: Bool
}

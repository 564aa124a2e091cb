/// Where one rendered message lies in its ``MessageArena``.
package struct RenderedMessage: Sendable, Hashable {
    /// The bytes of the JSON object `{"event":…,"metadata":…}`.
    package let data: Range<Int>
    /// The bytes of the packed attributes; ``MessageArena/forEachAttribute(of:_:)`` reads them.
    package let attributes: Range<Int>
}

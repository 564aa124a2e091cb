/// A span that is recorded and has not ended: its place in the trace and its beginning, nothing else. A plain value without
/// references, so that carrying one along costs a few words, and none (nil) a branch.
package struct OpenSpan: Sendable, Hashable {
    /// Where it stands.
    package let context: TraceContext
    /// The span above; 0 for the first one of a trace.
    let parent: UInt64
    /// Whether the span above is of another process.
    let isParentRemote: Bool
    /// When it began, in monotonic nanoseconds.
    let began: Int64
    /// What makes nanoseconds since 1970 of monotonic ones: the same for a whole trace in this process, so that setting the
    /// clock tears none apart.
    let wallOffset: Int64
}

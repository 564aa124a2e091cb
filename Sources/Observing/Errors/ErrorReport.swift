package import Runtime

/// An error that somebody is told about.
package struct ErrorReport: Sendable {
    /// What makes it one of its kind.
    package let group: ErrorGroup
    /// The last log event of the kind.
    package let record: ErrorLogRecord
    /// Earlier ones that nobody was told about.
    package let suppressed: Int
}

/// Reads a running process's configuration again.
package protocol ConfigurationReloading: Sendable {
    /// What came of the last reload that was no dry run; nil before the first.
    var last: ReloadReport? { get async }

    /// Reads everything again and puts in force what can change at run time, or nothing when anything is wrong.
    /// - Parameters:
    ///   - isDryRun: says what would change, and changes nothing.
    ///   - file: for a dry run, another configuration file than the process's own; nil for that.
    func reload(isDryRun: Bool, file: String?) async -> ReloadReport
}

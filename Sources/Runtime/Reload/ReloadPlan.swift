/// What a process does with a new configuration: first everything that can fail, then all changes at once.
package struct ReloadPlan<Configuration: Sendable>: Sendable {
    /// Puts a prepared configuration in force.
    /// - Returns: what of it could not be done.
    package typealias Commit = @Sendable () async -> [String]

    /// Whether a key can change from the one value to the other while the process runs.
    package let isReloadable: @Sendable (_ old: ConfigurationKey, _ new: ConfigurationKey) -> Bool
    /// Makes ready what the new configuration needs, and changes nothing.
    /// - Throws: `ConfigurationError`, or any other error as one problem: nothing is changed then.
    package let prepare: @Sendable (Configuration) async throws -> Commit

    /// Makes a plan from its parts.
    package init(
        isReloadable: @escaping @Sendable (_ old: ConfigurationKey, _ new: ConfigurationKey) -> Bool,
        prepare: @escaping @Sendable (Configuration) async throws -> Commit
    ) {
        self.isReloadable = isReloadable
        self.prepare = prepare
    }
}

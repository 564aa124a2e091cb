/// One key whose value is another one than before.
package struct ConfigurationChange: Sendable, Hashable {
    /// What a change comes to.
    package enum Effect: String, Sendable, CaseIterable {
        /// The new value is in force.
        case applied
        /// The new value is in force after a restart.
        case needsRestart = "needs_restart"
        /// The file's new value says nothing, because the environment has one.
        case outranked
    }

    /// The key.
    package var name: String
    /// The value before, safe to print: a secret as the beginning of its digest.
    package var old: String
    /// The value now, safe to print.
    package var new: String
    /// What it comes to.
    package var effect: Effect

    /// Makes a change from its parts.
    package init(name: String, old: String, new: String, effect: Effect) {
        self.name = name
        self.old = old
        self.new = new
        self.effect = effect
    }
}

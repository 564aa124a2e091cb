/// What is different between the configuration in force and one that was read later. A pure value.
package struct ConfigurationDifference: Sendable {
    /// The keys whose values differ, by name.
    package let changes: [ConfigurationChange]
    /// What is in force once the changes are applied that can be: of the others the old values.
    package let inForce: EffectiveConfiguration

    /// Compares two configurations of the same process.
    /// - Parameter isReloadable: whether a key can change from the one value to the other while the process runs.
    package init(
        from old: EffectiveConfiguration, to new: EffectiveConfiguration,
        isReloadable: (_ old: ConfigurationKey, _ new: ConfigurationKey) -> Bool
    ) {
        let before = Dictionary(old.keys.map { ($0.name, $0) }) { first, _ in first }
        var changes: [ConfigurationChange] = []
        var keys: [ConfigurationKey] = []
        for key in new.keys {
            guard let previous = before[key.name] else {
                keys.append(key)
                continue
            }
            guard previous.comparedValue != key.comparedValue else {
                if previous.outrankedValue != key.outrankedValue { changes.append(Self.outranked(previous, key)) }
                keys.append(key)
                continue
            }
            let applies = isReloadable(previous, key)
            changes.append(
                ConfigurationChange(
                    name: key.name, old: previous.comparedText, new: key.comparedText,
                    effect: applies ? .applied : .needsRestart))
            // The old value stays in force, so the next comparison names the key again.
            keys.append(applies ? key : previous)
        }
        self.changes = changes.sorted { $0.name < $1.name }
        inForce = EffectiveConfiguration(keys: keys, warnings: new.warnings)
    }

    private static func outranked(_ old: ConfigurationKey, _ new: ConfigurationKey) -> ConfigurationChange {
        var (before, after) = (old, new)
        (before.value, after.value) = (old.outrankedValue, new.outrankedValue)
        (before.contentDigest, after.contentDigest) = (nil, nil)
        return ConfigurationChange(
            name: new.name, old: before.comparedText, new: after.comparedText, effect: .outranked)
    }
}

extension ConfigurationKey {
    /// What two versions of a key are compared by.
    fileprivate var comparedValue: [String?] { [value, contentDigest] }
}

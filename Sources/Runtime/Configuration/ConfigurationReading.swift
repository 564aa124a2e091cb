/// What came of reading a process's configuration.
package struct ConfigurationReading<Configuration: Sendable>: Sendable {
    /// The settings, without a problem.
    package let configuration: Configuration
    /// Every key with its value and where it came from.
    package let effective: EffectiveConfiguration
    /// How many keys the configuration file sets; nil without a file.
    package let fileSettings: Int?
}

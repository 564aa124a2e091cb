/// With what a process begins, and how it reads its configuration again.
package struct ProcessStart<Configuration: Sendable>: Sendable {
    /// The name of the executable.
    package let process: String
    /// The settings, without a problem.
    package let configuration: Configuration
    /// Every key with its value and where it came from.
    package let effective: EffectiveConfiguration
    /// The configuration file; nil for none.
    package let path: String?
    /// Reads the configuration from a file (nil for none) and the environment as it was at the start.
    package let read: @Sendable (String?) throws(ConfigurationError) -> ConfigurationReading<Configuration>

    /// Makes a start from its parts.
    package init(
        process: String, configuration: Configuration, effective: EffectiveConfiguration, path: String? = nil,
        read: @escaping @Sendable (String?) throws(ConfigurationError) -> ConfigurationReading<Configuration>
    ) {
        self.process = process
        self.configuration = configuration
        self.effective = effective
        self.path = path
        self.read = read
    }
}

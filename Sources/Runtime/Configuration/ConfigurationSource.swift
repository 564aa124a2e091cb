/// Where the effective value of a key came from.
package enum ConfigurationSource: String, Sendable, Equatable, CustomStringConvertible {
    /// Neither the environment nor the file names the key.
    case `default`
    /// The process environment; it outranks the file.
    case environment
    /// The file named by `--config` or `GATEWAY_CONFIG_FILE`.
    case file

    package var description: String { rawValue }
}

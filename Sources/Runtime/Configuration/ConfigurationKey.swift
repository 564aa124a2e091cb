internal import Secrets

/// One key that a process reads: its declaration and the value it got. `--help` and `--check-config` are printed from these.
package struct ConfigurationKey: Sendable, Equatable {
    /// What `--check-config` and problem messages show in place of a secret value.
    package static let redacted = "<redacted>"

    /// The name, in the environment and in the configuration file alike.
    package var name: String
    /// The type as told to people, for instance `integer` or `duration`.
    package var type: String
    /// The unit of the value, nil where the type already tells it.
    package var unit: String?
    /// The default as one would write it, nil when there is none.
    package var defaultText: String?
    /// The allowed values as told to people, nil when every value of the type is allowed.
    package var allowed: String?
    /// What the key does, one or two sentences.
    package var meaning: String
    /// Whether the value must never be printed.
    package var secret: Bool
    /// Whether the process refuses to start without it.
    package var required: Bool
    /// The value in force as one would write it, nil when unset. Holds the real value: print `effectiveText` instead.
    package var value: String?
    /// Where `value` came from.
    package var source: ConfigurationSource
    /// The file's value where the environment has another one, which outranks it.
    package var outrankedValue: String?
    /// The beginning of a digest of what is in the file that the key names; nil when it names none or it is not read.
    package var contentDigest: String?

    /// The value in force, safe to print: secrets are redacted, an unset key is empty.
    package var effectiveText: String {
        guard let value else { return "" }
        return secret ? Self.redacted : value
    }

    /// The value in force for people who compare two: a secret as the beginning of its digest, a file with the beginning
    /// of its content's.
    package var comparedText: String {
        guard let value else { return "not set" }
        guard !value.isEmpty else { return "empty" }
        let text = secret ? "digest \(SecretDigest(of: value).prefix)" : value
        return contentDigest.map { "\(text) (content \($0))" } ?? text
    }
}

internal import Secrets

/// Strict configuration: a process declares its keys by reading them, then `finish` reports every problem at once.
///
/// An own layer, because swift-configuration's getters swallow type errors, cannot report unknown keys and pull Yams into
/// resolution; what remains of it is merging two dictionaries.
///
/// The environment outranks the file. A getter that meets a problem records it and returns the default (or a placeholder when
/// there is none), so that the following keys are still read; the values are only to be used after `finish` did not throw.
package struct ConfigurationReader: Sendable {
    /// Prefixes whose environment variables are ours: a name that starts with one and is not known is a problem.
    package static let ownedPrefixes = ["GATEWAY_", "TELEMETRY_GATEWAY_"]

    /// Every key read so far, in the order of declaration.
    package private(set) var keys: [ConfigurationKey] = []
    /// Every problem found so far, except unknown names, which only `finish` can tell.
    package private(set) var problems: [ConfigurationProblem]
    private var warnings: [String] = []
    private let environment: [String: String]
    private let file: [String: String]
    private let fileName: String

    /// - Parameters:
    ///   - environment: the process environment.
    ///   - file: the parsed file named by `--config`, if one was named. Its problems are reported with all others.
    package init(environment: [String: String], file: ConfigurationFile? = nil) {
        self.environment = environment
        self.file = file?.values ?? [:]
        self.fileName = file?.name ?? ""
        self.problems = file?.problems ?? []
    }

    /// Records a problem between keys, for instance two values that contradict each other.
    package mutating func addProblem(key: String, message: String) {
        problems.append(ConfigurationProblem(code: .contradiction, key: key, message: message))
    }

    /// Records something that is not wrong but that an operator should know.
    package mutating func addWarning(_ warning: String) {
        warnings.append(warning)
    }

    /// Remembers what is in the file that a key names, so that a change of it is seen when the configuration is read again.
    package mutating func noteContent(_ content: [UInt8], of name: String) {
        guard let index = keys.firstIndex(where: { $0.name == name }) else { return }
        keys[index].contentDigest = SecretDigest(of: content).prefix
    }

    /// Whether none of these keys has a problem so far: ask before comparing values, which are placeholders otherwise.
    package func isSound(_ names: String...) -> Bool {
        !problems.contains { problem in problem.key.map(names.contains) ?? false }
    }

    /// Ends the declarations: throws all problems at once, unknown names in the file and in the environment included.
    ///
    /// - Parameter alsoKnown: names that other processes of this project read from the same environment and file.
    package func finish(
        alsoKnown: Set<String> = KnownKeys.all
    ) throws(ConfigurationError) -> EffectiveConfiguration {
        let known = alsoKnown.union(keys.map(\.name))
        let all = problems + unknownNames(known: known)
        guard all.isEmpty else { throw ConfigurationError(problems: all) }
        return EffectiveConfiguration(keys: keys, warnings: warnings)
    }

    /// The one way every getter goes: declares the key, parses what the sources say and records what is wrong.
    ///
    /// - Parameters:
    ///   - expected: completes "expected …" in a problem.
    ///   - parse: nil when the text is not a value of the type or is outside the range.
    ///   - format: the canonical text of a value, for `--help` and `--check-config`.
    /// - Returns: the value in force, or nil when there is neither a sound value nor a default.
    package mutating func read<Value>(
        _ declaration: ConfigurationDeclaration,
        default defaultValue: Value?,
        parse: (String) -> Value?,
        format: (Value) -> String
    ) -> Value? {
        var key = ConfigurationKey(
            name: declaration.name, type: declaration.type, unit: declaration.unit,
            defaultText: defaultValue.map(format), allowed: declaration.allowed, meaning: declaration.meaning,
            secret: declaration.secret, required: declaration.required,
            value: defaultValue.map(format), source: .default)
        // Two structures may read the same key; it is told once.
        defer { if !keys.contains(where: { $0.name == key.name }) { keys.append(key) } }

        // Both texts are checked even though only one wins: a broken value must not lie in wait in the file.
        let fromFile = parsed(file[key.name], declaration, place: "in \(fileName)", parse: parse)
        let environmentText = environmentText(declaration)
        let fromEnvironment = parsed(environmentText, declaration, place: "in the environment", parse: parse)
        if let fromEnvironment {
            (key.value, key.source) = (format(fromEnvironment), .environment)
            key.outrankedValue = fromFile.map(format)
            return fromEnvironment
        }
        if let fromFile {
            (key.value, key.source) = (format(fromFile), .file)
            return fromFile
        }
        if declaration.required, environmentText == nil, file[key.name] == nil {
            record(
                ConfigurationProblem(
                    code: .missingValue, key: key.name,
                    message: "is required and not set; expected \(declaration.expected) (\(declaration.meaning))"))
        }
        return defaultValue
    }

    private mutating func parsed<Value>(
        _ text: String?, _ declaration: ConfigurationDeclaration, place: String, parse: (String) -> Value?
    ) -> Value? {
        guard let text else { return nil }
        if !text.isEmpty, let value = parse(text) { return value }
        let shown = declaration.secret ? ConfigurationKey.redacted : "\"\(text)\""
        let message =
            text.isEmpty
            ? "is set to nothing \(place); expected \(declaration.expected), or unset it"
            : "\(shown) \(place) is not valid; expected \(declaration.expected)"
        record(ConfigurationProblem(code: .malformedValue, key: declaration.name, message: message))
        return nil
    }

    private mutating func record(_ problem: ConfigurationProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// A Kubernetes service named like one of our keys (`gateway-forwarder` makes `GATEWAY_FORWARDER_PORT=tcp://…`) must not
    /// stop the process: nobody writes such a value by hand where a port number is expected.
    private mutating func environmentText(_ declaration: ConfigurationDeclaration) -> String? {
        guard let text = environment[declaration.name] else { return nil }
        guard KubernetesServiceLink.hides(name: declaration.name, value: text) else { return text }
        let warning =
            "\(declaration.name) in the environment is a Kubernetes service link, not a setting, and is ignored; "
            + "set enableServiceLinks: false in the pod, or set the key in the file of --config"
        if !warnings.contains(warning) { warnings.append(warning) }
        return nil
    }

    private func unknownNames(known: Set<String>) -> [ConfigurationProblem] {
        let refused = problems.compactMap { $0.code == .unreadableFile ? $0.key : nil }
        let inFile = Set(file.keys).union(refused).subtracting(known).sorted().map { ($0, "in \(fileName)") }
        let inEnvironment = environment.filter { name, value in
            Self.ownedPrefixes.contains(where: name.hasPrefix)
                && !known.contains(name) && !KubernetesServiceLink.matches(name: name, value: value)
        }.keys.sorted().map { ($0, "in the environment") }
        return (inFile + inEnvironment).map { name, place in
            let hint = EditDistance.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ""
            return ConfigurationProblem(
                code: .unknownKey, key: name, message: "unknown key \(place)\(hint.isEmpty ? "; remove it" : hint)")
        }
    }
}

internal import Yams

/// One service as it is deployed: `deploy/service.yaml`.
package struct DeploymentSpec: Sendable, Equatable {
    /// Longest specification that is read, in bytes.
    package static let maximumBytes = 1 << 20

    /// What it is and whose.
    package var service: ServiceSpec
    /// What is deployed.
    package var build: BuildSpec
    /// In which order.
    package var rollout: RolloutSpec
    /// Where.
    package var environments: [EnvironmentSpec]

    /// Reads a specification.
    /// - Parameters:
    ///   - text: all of it.
    ///   - file: its name for messages.
    ///   - settings: the names that may stand in `env` and `secretEnv`.
    /// - Throws: everything that is wrong with it, at once.
    package init(_ text: String, file: String, settings: SettingNames) throws(SpecError) {
        let problems = SpecProblems(file: file)
        let root = SpecSection(
            try Self.document(text, file: file), path: "", line: 1,
            keys: ["service", "build", "rollout", "environments"], problems: problems)
        for key in ["service", "build"] where !root.has(key) { root.problem(key, "is missing") }
        service = ServiceSpec(root.section("service", keys: ServiceSpec.keys))
        build = BuildSpec(root.section("build", keys: BuildSpec.keys))
        let service = service
        environments = root.sections("environments", keys: EnvironmentSpec.keys, required: true)
            .map { EnvironmentSpec($0, service: service.id, settings: settings) }
        let names = environments.map(\.id)
        for (index, name) in names.enumerated() where !name.isEmpty && names[..<index].contains(name) {
            root.problem("environments", "has “\(name)” twice; expected a different id for each")
        }
        rollout = RolloutSpec(root.section("rollout", keys: RolloutSpec.keys), environments: names)
        try problems.throwIfAny()
    }

    /// The environment with this id.
    package func environment(_ id: String) -> EnvironmentSpec? { environments.first { $0.id == id } }

    private static func document(_ text: String, file: String) throws(SpecError) -> Node {
        func failed(_ line: Int, _ message: String) -> SpecError {
            SpecError(problems: [SpecProblem(file: file, line: line, path: "", message: message)])
        }
        do {
            guard let node = try Yams.compose(yaml: text) else { throw failed(1, "is empty; see docs/operations.md") }
            return node
        } catch let error as SpecError {
            throw error
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw failed(mark.line, "is no YAML: \(problem)")
            case .duplicatedKeysInMapping(let keys, let context):
                throw failed(
                    context.mark.line, "has twice in one mapping: \(keys.sorted().joined(separator: ", ")); keep one")
            default:
                throw failed(1, "is no YAML: \(error)")
            }
        } catch {
            throw failed(1, "is no YAML: \(error)")
        }
    }
}

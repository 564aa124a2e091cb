package import ArgumentParser
internal import Deployment
internal import Runtime

/// `gatewayctl generate`.
package struct GenerateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Render everything that is deployed from one specification.",
        discussion: """
            Reads deploy/service.yaml and deploy/operations-notes.md and writes manifests for Kubernetes and Cloud Run, the \
            pipeline of Cloud Deploy, alert policies, Prometheus rules, dashboards and docs/operations.md. With --check \
            nothing is written: it says what is not as it would be, and ends with 1 if there is anything.

            Examples:
              gatewayctl generate --all
              gatewayctl generate prod
              gatewayctl generate --all --check
            """)

    @Argument(help: "The environment. Files that all share are rendered with it.")
    package var environment: String?

    @Flag(help: "All environments; files of environments that are gone are removed.")
    package var all = false

    @Flag(help: "Compare with the files that are there.")
    package var check = false

    @Option(help: ArgumentHelp("The root of the repository.", valueName: "dir"))
    package var root = "."

    package init() {}

    package func validate() throws {
        guard (environment == nil) == all else {
            throw ValidationError(all ? "name an environment or --all, not both" : "name an environment, or --all")
        }
    }

    package func run() throws {
        let tree = GeneratedTree(root: root)
        let deployment = try readDeployment(tree)
        var files = deployment.sharedFiles()
        if let environment {
            guard deployment.environments.contains(environment) else {
                throw OperatorFailure(
                    .usage,
                    "“\(environment)” is no environment of \(Self.specification); there are "
                        + deployment.environments.joined(separator: ", "))
            }
            files += deployment.files(of: environment)
        } else {
            for environment in deployment.environments { files += deployment.files(of: environment) }
        }
        let strays = all ? try tree.strays(besides: files, in: DeploymentRenderer.directories) : []
        if check {
            try report(files, strays: strays, tree)
        } else {
            try write(files, strays: strays, tree)
        }
    }

    private static let specification = "deploy/service.yaml"
    private static let notes = "deploy/operations-notes.md"

    private func readDeployment(_ tree: GeneratedTree) throws -> DeploymentRenderer {
        guard let text = try tree.read(Self.specification) else {
            throw OperatorFailure(
                .ioError, "there is no \(Self.specification) in \(root); name the root of the repository with --root")
        }
        let settings = SettingNames(
            ingest: KnownKeys.ingest.union(KnownKeys.shared), forwarder: KnownKeys.forwarder.union(KnownKeys.shared))
        guard let notes = try tree.read(Self.notes) else {
            throw OperatorFailure(.ioError, "there is no \(Self.notes) in \(root)")
        }
        do throws(SpecError) {
            let spec = try DeploymentSpec(text, file: Self.specification, settings: settings)
            return DeploymentRenderer(spec: spec, settings: settings, notes: notes)
        } catch {
            throw OperatorFailure(.specification, "\(error)")
        }
    }

    private func report(_ files: [RenderedFile], strays: [String], _ tree: GeneratedTree) throws {
        var differences: [String] = []
        for file in files {
            switch try tree.read(file.path) {
            case nil: differences.append("\(file.path) is missing")
            case file.content?: break
            case let present?: differences.append("\(file.path):\(Self.firstDifference(present, file.content)) differs")
            }
        }
        differences += strays.map { "\($0) is not generated any more" }
        guard differences.isEmpty else {
            throw OperatorFailure(
                .refused,
                "not what \(Self.specification) says; run gatewayctl generate \(environment ?? "--all")\n"
                    + differences.map { "  \($0)" }.joined(separator: "\n"))
        }
        TextOutput.standardOutput.write("\(files.count) generated files are up to date\n")
    }

    private func write(_ files: [RenderedFile], strays: [String], _ tree: GeneratedTree) throws {
        var changes = 0
        for file in files where try tree.read(file.path) != file.content {
            try tree.write(file)
            TextOutput.standardOutput.write("wrote \(file.path)\n")
            changes += 1
        }
        for path in strays {
            try tree.remove(path)
            TextOutput.standardOutput.write("removed \(path)\n")
        }
        TextOutput.standardOutput.write("\(files.count) generated files, \(changes + strays.count) changed\n")
    }

    /// The first line that differs, from 1.
    static func firstDifference(_ left: String, _ right: String) -> Int {
        let left = left.split(separator: "\n", omittingEmptySubsequences: false)
        let right = right.split(separator: "\n", omittingEmptySubsequences: false)
        return (zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? min(left.count, right.count)) + 1
    }
}

/// The command line of a long-running process: `--help`, `--version`, `--check-config`, `--config FILE`.
///
/// Without argument-parser, because every setting comes from the environment or the file and four flags need no library.
package struct ProcessCommand<Configuration: Sendable>: Sendable {
    /// The name of the executable.
    package let name: String
    /// What it does, one sentence.
    package let purpose: String
    private let configure: @Sendable (inout ConfigurationReader) -> Configuration

    /// - Parameter configure: reads every key of the process; called with an empty environment too, for `--help`.
    package init(
        name: String, purpose: String, configure: @escaping @Sendable (inout ConfigurationReader) -> Configuration
    ) {
        self.name = name
        self.purpose = purpose
        self.configure = configure
    }

    /// What to do. Has no effect but reading the file named by `--config`.
    ///
    /// - Parameter arguments: without the name of the executable.
    package func decide(
        arguments: [String], environment: [String: String],
        loadFile: (String) -> ConfigurationFile = ConfigurationFile.load(path:)
    ) -> ProcessDecision<Configuration> {
        let options: ProcessOptions
        do {
            options = try ProcessOptions(arguments)
        } catch {
            let text = "\(name): \(error.message)\nTry \(name) --help\n"
            return .exit(ProcessExit(code: .usage, standardError: text))
        }
        switch options.action {
        case .help:
            return .exit(ProcessExit(code: .success, standardOutput: help))
        case .version:
            return .exit(ProcessExit(code: .success, standardOutput: "\(name) \(GatewayVersion.current)\n"))
        case .run, .checkConfiguration:
            break
        }
        var reader = ConfigurationReader(environment: environment, file: options.configurationPath.map(loadFile))
        let configuration = configure(&reader)
        do {
            let effective = try reader.finish()
            guard options.action == .checkConfiguration else { return .run(configuration, effective) }
            return .exit(
                ProcessExit(
                    code: .success,
                    standardOutput: effective.lines.map { $0 + "\n" }.joined(),
                    standardError: effective.warnings.map { "\(name): warning: \($0)\n" }.joined()))
        } catch {
            return .exit(ProcessExit(code: error.exitCode, standardError: "\(name): \(error)\n"))
        }
    }

    /// For main: decides from this process's own arguments and environment, and ends the process unless it is to run.
    package func start() -> (configuration: Configuration, effective: EffectiveConfiguration) {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch decide(arguments: arguments, environment: ProcessEnvironment.current) {
        case .run(let configuration, let effective): return (configuration, effective)
        case .exit(let exit): exit.perform()
        }
    }

    /// The text of `--help`: every key with type, unit, default, allowed values and meaning.
    package var help: String {
        var reader = ConfigurationReader(environment: [:])
        _ = configure(&reader)
        return HelpText(name: name, purpose: purpose, keys: reader.keys).text
    }
}

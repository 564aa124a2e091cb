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
        do {
            let path = configurationPath(options, environment)
            let reading = try read(path: path, environment: environment, loadFile: loadFile)
            guard options.action == .checkConfiguration else {
                return .run(reading.configuration, reading.effective)
            }
            return .exit(
                ProcessExit(
                    code: .success,
                    standardOutput: reading.effective.lines.map { $0 + "\n" }.joined(),
                    standardError: reading.effective.warnings.map { "\(name): warning: \($0)\n" }.joined()))
        } catch {
            return .exit(ProcessExit(code: error.exitCode, standardError: "\(name): \(error)\n"))
        }
    }

    /// Reads the whole configuration.
    /// - Parameter path: of the configuration file; nil for none.
    package func read(
        path: String?, environment: [String: String],
        loadFile: (String) -> ConfigurationFile = ConfigurationFile.load(path:)
    ) throws(ConfigurationError) -> ConfigurationReading<Configuration> {
        let file = path.map(loadFile)
        var reader = ConfigurationReader(environment: environment, file: file)
        let configuration = configure(&reader)
        Self.declareFile(&reader)
        if file?.values[Self.fileKey] != nil {
            reader.addProblem(key: Self.fileKey, message: "is set in the file itself: set it in the environment")
        }
        return ConfigurationReading(
            configuration: configuration, effective: try reader.finish(), fileSettings: file?.values.count)
    }

    /// For main: decides from this process's own arguments and environment, and ends the process unless it is to run.
    package func start() -> ProcessStart<Configuration> {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let environment = ProcessEnvironment.current
        switch decide(arguments: arguments, environment: environment) {
        case .run(let configuration, let effective):
            let path = (try? ProcessOptions(arguments)).flatMap { configurationPath($0, environment) }
            return ProcessStart(
                process: name, configuration: configuration, effective: effective, path: path,
                read: { path throws(ConfigurationError) in try read(path: path, environment: environment) })
        case .exit(let exit): exit.perform()
        }
    }

    /// The command line outranks the environment.
    private func configurationPath(_ options: ProcessOptions, _ environment: [String: String]) -> String? {
        options.configurationPath ?? environment[Self.fileKey].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static var fileKey: String { "GATEWAY_CONFIG_FILE" }

    private static func declareFile(_ reader: inout ConfigurationReader) {
        _ = reader.optionalPath(
            fileKey,
            meaning: "File with keys that are not in the environment, as --config names one; read again at SIGHUP.")
    }

    /// The text of `--help`: every key with type, unit, default, allowed values and meaning.
    package var help: String {
        var reader = ConfigurationReader(environment: [:])
        _ = configure(&reader)
        Self.declareFile(&reader)
        return HelpText(name: name, purpose: purpose, keys: reader.keys).text
    }
}

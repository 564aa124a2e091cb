internal import Ingest
internal import Logging
internal import Runtime

@main
enum Main {
    static func main() async {
        switch IngestProcess.command.decide(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.current)
        {
        case .exit(let exit): exit.perform()
        case .run(let configuration, _):
            JSONLogging.bootstrap(level: configuration.logLevel)
            let logger = Logger(label: IngestProcess.name)
            do {
                try await IngestProcess(configuration: configuration, logger: logger).run()
            } catch {
                logger.critical("stopped by an error", metadata: ["error": "\(error)"])
                ProcessExit(code: ProcessRunner.exitCode(for: error)).perform()
            }
        }
    }
}

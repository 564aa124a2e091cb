internal import Ingest
internal import Runtime

@main
enum Main {
    static func main() async {
        await ProcessMain.run(IngestProcess.command, level: \.logLevel) { configuration, logger in
            try await IngestProcess(configuration: configuration, logger: logger).run()
        }
    }
}

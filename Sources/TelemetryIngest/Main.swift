internal import Ingest
internal import Runtime

@main
enum Main {
    static func main() async {
        await ProcessMain.run(IngestProcess.command, level: \.logLevel) { start, level, logger in
            try await IngestProcess(start: start, level: level, logger: logger).run()
        }
    }
}

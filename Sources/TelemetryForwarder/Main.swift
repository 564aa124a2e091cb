internal import Console
internal import Forwarder
internal import Runtime

@main
enum Main {
    static func main() async {
        await ProcessMain.run(ForwarderProcess.command, level: \.logLevel) { start, level, logger in
            try await ForwarderProcess(start: start, level: level, logger: logger).run { parts in
                try Console(parts: parts, access: start.configuration.access).additions
            }
        }
    }
}

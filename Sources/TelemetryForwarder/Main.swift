internal import Console
internal import Forwarder
internal import Runtime

@main
enum Main {
    static func main() async {
        await ProcessMain.run(ForwarderProcess.command, level: \.logLevel) { configuration, logger in
            try await ForwarderProcess(configuration: configuration, logger: logger).run { parts in
                try Console(parts: parts, access: configuration.access).additions
            }
        }
    }
}

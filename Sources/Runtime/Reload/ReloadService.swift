internal import ServiceLifecycle
internal import UnixSignals

/// Reloads at each SIGHUP until a graceful shutdown.
package struct ReloadService: Service {
    private let reloader: any ConfigurationReloading
    // Kept for as long as this value is: once nobody listens any more, a SIGHUP would end the process.
    private let signals: UnixSignalsSequence

    /// Listens from now on; what comes before `run` waits.
    package init(reloader: any ConfigurationReloading) async {
        self.reloader = reloader
        signals = await UnixSignalsSequence(trapping: .sighup)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in signals { _ = await reloader.reload(isDryRun: false, file: nil) }
        }
    }
}

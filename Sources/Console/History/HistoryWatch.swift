internal import Forwarder
internal import ServiceLifecycle
internal import Synchronization

/// Keeps the figures that others read; reads nothing itself.
final class HistoryWatch: Service {
    private static let interval = Duration.seconds(1)

    private let latest: LatestFigures
    private let history = Mutex(FiguresHistory())

    init(latest: LatestFigures) {
        self.latest = latest
    }

    /// Looks again and again until a graceful shutdown.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.look()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Takes note of the newest figures.
    func look() {
        guard let figures = latest.current else { return }
        history.withLock { $0.add(FiguresSample(figures)) }
    }

    /// See `FiguresHistory`.
    func samples(of seconds: Int64, points: Int, now: Int64) -> [FiguresSample] {
        history.withLock { $0 }.samples(of: seconds, points: points, now: now)
    }
}

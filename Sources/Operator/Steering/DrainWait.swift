internal import Forwarder
internal import Runtime
internal import Store

/// Waits until a drain is over, and shows how far it is.
struct DrainWait {
    /// Pause between two looks at the forwarder and its record.
    private static let interval = Duration.milliseconds(250)
    /// Pause between two looks at what waits, at least, on a terminal and elsewhere.
    private static let terminalInterval = Duration.seconds(1)
    private static let logInterval = Duration.seconds(10)
    /// A look at what waits may read a lot: the next one is so many times as far away as it took.
    private static let pauseFactor = 20

    let layout: SpoolLayout
    let destinations: [String]
    let thenExit: Bool
    let timeout: Duration?
    /// The newest act before the order.
    let before: OperatorAct?

    /// - Returns: what waits at the end: events that came meanwhile.
    /// - Throws: when the time is over first, or the forwarder ends first.
    func run() async throws -> Int64 {
        let clock = ContinuousClock()
        let started = clock.now
        let output = TextOutput.standardError
        let line = output.isTerminal ? StatusLine(output: output) : nil
        defer { line?.clear() }
        let client = try ControlClient(layout: layout)
        let inspector = SpoolInspector(layout: layout)
        var progress = DrainProgress(destinations: destinations, thenExit: thenExit)
        var nextFigures = started
        while true {
            let runs = ProcessLock.isHeld(path: layout.forwarderLockPath)
            let workers = runs ? try? await client.statusOrFailure() : nil
            // Read after the lock was looked at: whoever has ended has recorded before.
            let acts = try inspector.operatorActs(limit: 10_000).prefix { $0 != before }
            let look = DrainProgress.Look(forwarderRuns: runs, workers: workers, acts: Array(acts))
            switch progress.judge(look) {
            case .draining: break
            case .drained: return try waiting(inspector)
            case .forwarderEnded:
                throw OperatorFailure(
                    .unreachable,
                    "the forwarder has ended before everything was delivered: \(try left(inspector)); start it and drain "
                        + "again")
            case .givenUp:
                throw OperatorFailure(
                    .unreachable,
                    "the forwarder does not drain any more, it may have been started again: \(try left(inspector)); "
                        + "drain again")
            }
            if let timeout, started.duration(to: clock.now) >= timeout {
                throw OperatorFailure(
                    .refused,
                    "not drained within \(DurationText.format(timeout)): \(try left(inspector)); the drain goes on, and "
                        + "`gatewayctl status` shows it")
            }
            if clock.now >= nextFigures {
                let spent = try clock.measure { () throws in
                    show(try waiting(inspector), workers ?? [], line, output)
                }
                nextFigures =
                    clock.now + max(line == nil ? Self.logInterval : Self.terminalInterval, spent * Self.pauseFactor)
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func show(_ waiting: Int64, _ workers: [DeliveryStatus], _ line: StatusLine?, _ output: TextOutput) {
        var text = "draining: \(HumaneText.events(waiting)) left"
        for worker in workers where destinations.contains(worker.name) {
            let name = TerminalText.clean(worker.name)
            if worker.isPaused || !worker.pauseReason.isEmpty {
                text += ", \(name) is paused"
            } else if worker.breaker != DestinationState.Breaker.closed.rawValue {
                text += ", \(name) fails (\(worker.lastError?.code ?? "breaker open"))"
            }
        }
        if let line { line.show(text) } else { output.write(text + "\n") }
    }

    private func waiting(_ inspector: SpoolInspector) throws -> Int64 {
        try inspector.status().destinations.filter { destinations.contains($0.name) }
            .reduce(0) { $0 + $1.waiting.events }
    }

    private func left(_ inspector: SpoolInspector) throws -> String {
        let count = try waiting(inspector)
        return HumaneText.events(count) + (count == 1 ? " waits" : " wait")
    }
}

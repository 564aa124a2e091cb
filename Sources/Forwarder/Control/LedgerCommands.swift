internal import Contract
package import Store

/// Carries commands out on the ledger, and tells the workers where there are any: the same for a running forwarder and
/// for gatewayctl that holds the ledger itself. One command at a time, on a thread of its own: reading many dead letters
/// holds up nobody else.
package actor LedgerCommands: ForwarderCommands {
    let ledger: DeliveryLedger
    let steering: (any DeliverySteering)?
    let inspector: SpoolInspector
    private let layout: SpoolLayout
    private let latest: LatestFigures?
    private let executor: ThreadExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - steering: the running workers; nil where none run.
    ///   - latest: where rates are found that the workers do not know.
    /// - Throws: `io` when there is no thread to be had.
    package init(
        ledger: DeliveryLedger, layout: SpoolLayout, steering: (any DeliverySteering)?, latest: LatestFigures? = nil
    ) throws(StoreError) {
        executor = try ThreadExecutor(name: "commands")
        self.latest = latest
        self.ledger = ledger
        self.layout = layout
        self.steering = steering
        inspector = SpoolInspector(layout: layout)
    }

    /// Does not wait for a command that is being carried out.
    package nonisolated func status() async -> [DeliveryStatus] {
        let destinations = await steering?.status() ?? []
        return latest?.addingRates(to: destinations) ?? destinations
    }

    package func perform(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult {
        do {
            switch command {
            case .pause(let destination, let reason): return try await pause(destination, reason, actor)
            case .resume(let destination): return try await resume(destination, actor)
            case .drain(let destination, let thenExit): return try await drain(destination, thenExit, actor)
            case .replayDeadLetters(let filter, let rate, let edit, let isDryRun):
                return try await replay(filter, rate: rate, edit: edit, isDryRun: isDryRun, actor)
            case .purgeDeadLetters(let filter, let isDryRun):
                return try await purge(filter, isDryRun: isDryRun, actor)
            case .replayPast(let replay): return try await replayPast(replay, actor)
            case .cancelDeadLetterReplay(let filter, let isDryRun):
                return try await cancelReplay(filter, isDryRun: isDryRun, actor)
            case .cancelPastReplay(let job): return try await cancelPast(job, actor)
            }
        } catch let error as StoreError {
            throw ControlFailure(error)
        } catch let error as ControlFailure {
            throw error
        } catch let error as EventEditFailure {
            throw ControlFailure(.editFailed, error.description)
        } catch {
            throw ControlFailure(.storeFailed, "\(error)")
        }
    }

    private func pause(_ destination: String?, _ reason: String, _ actor: String) async throws -> ControlResult {
        let chosen = try await destinations(destination)
        for (name, identifier) in chosen {
            try await ledger.pause(identifier, reason: reason, actor: actor)
            await steering?.pauseChanged(at: name)
        }
        return ControlResult(destinations: chosen.map(\.name))
    }

    private func resume(_ destination: String?, _ actor: String) async throws -> ControlResult {
        let chosen = try await destinations(destination)
        for (name, identifier) in chosen {
            try await ledger.resume(identifier, actor: actor)
            await steering?.pauseChanged(at: name)
        }
        return ControlResult(destinations: chosen.map(\.name))
    }

    private func drain(_ destination: String?, _ thenExit: Bool, _ actor: String) async throws -> ControlResult {
        guard let steering else {
            throw ControlFailure(
                .notRunning,
                "\(layout.root): no forwarder runs on this spool, so nothing can be drained: start it first; to empty "
                    + "the spool and stop, start it and then drain with --then-exit")
        }
        let chosen = try await destinations(destination).map(\.name)
        try await ledger.record(
            OperatorAct(
                actor: actor, action: thenExit ? "drain_then_exit" : "drain", destination: destination ?? ""))
        await steering.drain(chosen, thenExit: thenExit)
        return ControlResult(destinations: chosen)
    }

    /// The chosen destinations: the one of a name, or all that are served, or all that are known where nothing runs.
    func destinations(_ name: String?) async throws -> [(name: String, identifier: DestinationID)] {
        let known: [String]
        if let steering {
            known = steering.destinations
        } else {
            known = try inspector.destinationNames()
        }
        if let name, !known.contains(name) {
            let list = known.isEmpty ? "none: no forwarder has run on this spool yet" : known.joined(separator: ", ")
            throw ControlFailure(.unknownDestination, "“\(name)” is no destination here; known: \(list)")
        }
        var chosen: [(name: String, identifier: DestinationID)] = []
        for each in name.map({ [$0] }) ?? known {
            if let identifier = try await ledger.destination(name: each) { chosen.append((each, identifier)) }
        }
        return chosen
    }
}

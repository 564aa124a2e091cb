package import Forwarder
internal import Glibc
internal import Runtime
package import Store

/// Gives commands to whoever may write the ledger: the running forwarder, or this process where none runs.
package struct ForwarderAccess: Sendable {
    /// How long a forwarder that has the lock and does not answer yet is waited for.
    private static let patience = Duration.seconds(5)
    private static let pause = Duration.milliseconds(100)

    private let layout: SpoolLayout
    private let patience: Duration

    /// Reaches the forwarder of a spool.
    package init(layout: SpoolLayout, patience: Duration = Self.patience) {
        self.layout = layout
        self.patience = patience
    }

    /// Who gives commands from here: the user's name, or number.
    package static var actor: String {
        let environment = ProcessEnvironment.current
        let name = environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? ""
        return name.isEmpty ? "uid \(getuid())" : name
    }

    /// Carries out a command.
    package func perform(
        _ command: ControlCommand, actor: String = Self.actor
    ) async throws(ControlFailure) -> ControlResult {
        let deadline = ContinuousClock.now + patience
        while true {
            do throws(ControlFailure) {
                if ProcessLock.isHeld(path: layout.forwarderLockPath) {
                    return try await ControlClient(layout: layout).perform(command, actor: actor)
                }
                return try await performHere(command, actor: actor)
            } catch {
                // Started, stopped or asked by somebody else just now: look again for a moment.
                guard error.code == .unreachable, ContinuousClock.now < deadline else { throw error }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    private func performHere(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult {
        // A ledger is made by the forwarder only: one of this user's might not be the forwarder's to open.
        guard access(layout.ledgerPath, F_OK) == 0 else {
            throw ControlFailure(
                .notRunning, "\(layout.root): no forwarder has run on this spool yet, so there is nothing to steer")
        }
        let ledger: DeliveryLedger
        do throws(StoreError) {
            // As the forwarder would: with the bounds that the last one had.
            let limits = try SpoolInspector(layout: layout).forwarderLimits()
            ledger = try await DeliveryLedger.open(
                layout: layout, now: { WallClock.now() }, deadLetterBounds: limits?.deadLetters ?? DeadLetterBounds())
        } catch {
            throw error.code == .locked ? ControlFailure(.unreachable, error.message) : ControlFailure(error)
        }
        let result: Result<ControlResult, ControlFailure>
        do {
            let commands = try LedgerCommands(ledger: ledger, layout: layout, steering: nil)
            result = .success(try await commands.perform(command, actor: actor))
        } catch let error as ControlFailure {
            result = .failure(error)
        } catch {
            result = .failure(ControlFailure(.storeFailed, "\(error)"))
        }
        do throws(StoreError) {
            try await ledger.shutdown()
        } catch {
            throw ControlFailure(error)
        }
        return try result.get()
    }
}

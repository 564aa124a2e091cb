internal import GRPCCore
internal import Synchronization

/// Which services take calls now, and who is told when that changes.
///
/// Services are named as on the wire; the whole process is `HealthStatus.overall`.
package final class HealthStatus: Sendable {
    /// The name that stands for the whole process.
    package static let overall = ""
    /// Open `Watch` calls of all clients. A load balancer holds one for each of its connections.
    package static let watcherLimit = 128

    private struct Watcher {
        let service: String
        let changes: AsyncStream<ServingStatus?>.Continuation
    }

    private struct State {
        var statuses: [String: ServingStatus]
        var watchers: [UInt64: Watcher] = [:]
        var nextWatcher: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Begins with the whole process and these services, not serving.
    package init(services: [String] = [GatewayMethods.serviceName]) {
        let statuses = (services + [Self.overall]).map { ($0, ServingStatus.notServing) }
        state = Mutex(State(statuses: Dictionary(statuses, uniquingKeysWith: { first, _ in first })))
    }

    /// Every service that is known, with its status.
    package var statuses: [String: ServingStatus] { state.withLock { $0.statuses } }

    /// The number of open `Watch` calls.
    package var watcherCount: Int { state.withLock { $0.watchers.count } }

    /// The status of a service; nil when it is not known.
    package subscript(service: String) -> ServingStatus? { state.withLock { $0.statuses[service] } }

    /// Changes the status of one service, which becomes known by that; its watchers are told.
    package func set(_ status: ServingStatus, for service: String) {
        state.withLock { state in
            guard state.statuses.updateValue(status, forKey: service) != status else { return }
            // Under the lock, so that watchers see changes in their order. To yield never waits.
            for watcher in state.watchers.values where watcher.service == service { watcher.changes.yield(status) }
        }
    }

    /// Changes the status of every service that is known, the whole process included; watchers are told.
    package func setAll(_ status: ServingStatus) {
        for service in statuses.keys { set(status, for: service) }
    }

    /// Gives the status of a service now and after each change (nil: not known) while `body` runs, until `end` of it is
    /// called. Who reads slowly sees the newest one.
    /// - Throws: `RPCError` `resourceExhausted` when too many watch already.
    package func watching<Value>(
        _ service: String,
        _ body: (_ changes: AsyncStream<ServingStatus?>, _ end: @escaping @Sendable () -> Void)
            async throws -> Value
    ) async throws -> Value {
        let (changes, continuation) = AsyncStream.makeStream(
            of: ServingStatus?.self, bufferingPolicy: .bufferingNewest(1))
        let added: UInt64? = state.withLock { state in
            guard state.watchers.count < Self.watcherLimit else { return nil }
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = Watcher(service: service, changes: continuation)
            continuation.yield(state.statuses[service])
            return state.nextWatcher
        }
        guard let added else {
            throw RPCError(
                code: .resourceExhausted,
                message:
                    "\(Self.watcherLimit) calls watch this server's health already; call Check instead, or retry later")
        }
        defer { state.withLock { state in _ = state.watchers.removeValue(forKey: added) } }
        return try await body(changes) { continuation.finish() }
    }
}

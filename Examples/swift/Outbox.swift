internal import Contract
internal import Synchronization

/// The events that are the sender's to keep: one leaves only when its id is in an answer.
final class Outbox: Sendable {
    private struct State {
        var order: [String] = []
        var events: [String: Telemetrygateway_V1_Event] = [:]
        var refused: [String: String] = [:]
    }

    private let state: Mutex<State>

    init(_ events: [Telemetrygateway_V1_Event]) {
        let state = State(
            order: events.map(\.id),
            events: Dictionary(events.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        self.state = Mutex(state)
    }

    var count: Int { state.withLock { $0.events.count } }
    var isEmpty: Bool { count == 0 }
    /// What the gateway refused, with its reason, by id.
    var refused: [String: String] { state.withLock(\.refused) }
    /// What waits, in the order in which it came.
    var waiting: [Telemetrygateway_V1_Event] {
        state.withLock { state in state.order.compactMap { state.events[$0] } }
    }

    func take(_ answer: Telemetrygateway_V1_RecordEventsResponse) {
        state.withLock { state in
            for rejection in answer.rejections {
                state.refused[rejection.id] = "\(rejection.code): \(rejection.message)"
                // Sent as it is it would be refused again. An instance finds its id among the acknowledged as well; a
                // managed service does not.
                if !rejection.retryable { state.events[rejection.id] = nil }
            }
            for id in answer.succeededEvents { state.events[id] = nil }
        }
    }
}

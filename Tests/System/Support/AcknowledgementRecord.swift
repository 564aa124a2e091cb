internal import Synchronization

/// What the clients of a test have sent and what was acknowledged, over all their streams.
final class AcknowledgementRecord: Sendable {
    private struct State {
        var sent: Set<String> = []
        var acknowledged: Set<String> = []
        var repeated = 0
        var responses = 0
        var trigger: (responses: Int, action: @Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Ids handed to a stream, acknowledged or not.
    var sent: Set<String> { state.withLock(\.sent) }
    /// Ids in a response that a client has read.
    var acknowledged: Set<String> { state.withLock(\.acknowledged) }
    /// Ids acknowledged more than once.
    var repeated: Int { state.withLock(\.repeated) }

    /// To be called before the events are handed to a stream.
    func send(_ events: [TestEvent]) { state.withLock { $0.sent.formUnion(events.map(\.id)) } }

    /// Takes a response; runs the trigger when its time has come.
    func acknowledge(_ ids: [String]) {
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            for id in ids where !state.acknowledged.insert(id).inserted { state.repeated += 1 }
            state.responses += 1
            guard let trigger = state.trigger, state.responses >= trigger.responses else { return nil }
            state.trigger = nil
            return trigger.action
        }
        action?()
    }

    /// Runs `action` at the response that is `responses` later than the last one, on the thread that reads it.
    func after(responses: Int, _ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.trigger = ($0.responses + responses, action) }
    }
}

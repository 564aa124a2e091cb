internal import Forwarder
internal import Synchronization

/// Commands that a test answers, and remembers.
final class RecordedCommands: ForwarderCommands {
    typealias Answer = @Sendable (ControlCommand) async throws(ControlFailure) -> ControlResult

    private let received = Mutex<[ControlEnvelope]>([])
    private let answer: Answer
    private let destinations: [DeliveryStatus]

    init(
        destinations: [DeliveryStatus] = [], answer: @escaping Answer = { _ throws(ControlFailure) in ControlResult() }
    ) {
        self.destinations = destinations
        self.answer = answer
    }

    var envelopes: [ControlEnvelope] { received.withLock { $0 } }

    func perform(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult {
        received.withLock { $0.append(ControlEnvelope(command: command, actor: actor)) }
        return try await answer(command)
    }

    func status() async -> [DeliveryStatus] { destinations }
}

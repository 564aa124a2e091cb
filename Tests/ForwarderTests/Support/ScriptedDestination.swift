import Contract
import Forwarder
import Store
import Synchronization
import TestSupport

/// A destination in memory that answers as a test says.
final class ScriptedDestination: Destination {
    struct Taken: Hashable, Sendable {
        let id: String
        let attributes: [String: String]
    }

    let name = "scripted"
    let limits: RequestLimits
    /// The ids of the events of each request, taken or not.
    let requests = Recorder<[String]>()
    /// Everything that was taken, in order.
    let taken = Recorder<Taken>()
    /// Told of each request before it is answered.
    let asked = Changeable<AsyncStream<Void>.Continuation?>(nil)
    /// Ids of events that can not be sent at all.
    let unsendable: Set<String>

    private let answer: @Sendable (_ ids: [String], _ number: Int) -> DeliveryError?
    private let count = Mutex(0)

    /// - Parameter answer: why a request with these ids fails, the first one having the number 0; nil when it is taken.
    init(
        maximumMessages: Int = 100, unsendable: Set<String> = [],
        answer: @escaping @Sendable (_ ids: [String], _ number: Int) -> DeliveryError? = { _, _ in nil }
    ) {
        limits = RequestLimits(
            maximumMessages: maximumMessages, maximumBytes: 1 << 20, maximumMessageBytes: 1 << 20, maximumInFlight: 2)
        self.unsendable = unsendable
        self.answer = answer
    }

    /// The request is refused because of something in it.
    static let refusal = DeliveryError(code: .invalid, scope: .batch, isRetriable: false, message: "refused")
    /// Nothing can be delivered now.
    static let outage = DeliveryError(code: .unavailable, scope: .destination, isRetriable: true, message: "down")

    func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int { message.data.count }

    func problem(with message: RenderedMessage, in arena: MessageArena) -> DeliveryError? {
        guard unsendable.contains(id(of: message, in: arena)) else { return nil }
        return DeliveryError(code: .oversized, scope: .event, isRetriable: false, message: "too large")
    }

    func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
        let messages = request.arena.messages[request.messages]
        let ids = messages.map { id(of: $0, in: request.arena) }
        requests.record(ids)
        asked.value?.yield()
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        if let error = answer(ids, number) { throw error }
        for (id, message) in zip(ids, messages) {
            var attributes: [String: String] = [:]
            request.arena.forEachAttribute(of: message) { key, value in
                attributes[String(decoding: key, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
            taken.record(Taken(id: id, attributes: attributes))
        }
        return DeliveryReceipt(
            messages: ids.count, bytes: 0, references: .texts(ids.map { "message of \($0)" }))
    }

    func shutdown() async {}

    /// The first member of the first member: `{"event":{"id":"…`.
    private func id(of message: RenderedMessage, in arena: MessageArena) -> String {
        let parts = String(decoding: arena.bytes[message.data], as: UTF8.self).split(separator: "\"")
        return parts.count > 5 ? String(parts[5]) : ""
    }
}

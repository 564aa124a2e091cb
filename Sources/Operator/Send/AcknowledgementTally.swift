internal import Synchronization

/// Which events of one stream are acknowledged. Keeps the ids of unanswered batches, and nothing of answered ones.
package final class AcknowledgementTally: Sendable {
    /// How many missing ids are named.
    package static let maximumNamedIDs = 10

    /// The figures at one time.
    package struct Figures: Sendable, Hashable {
        /// Events sent.
        package var events: Int64 = 0
        /// Batches sent.
        package var batches: Int64 = 0
        /// Bytes sent, without framing.
        package var bytes: Int64 = 0
        /// Events acknowledged.
        package var acknowledged: Int64 = 0
        /// Batches answered.
        package var answered: Int64 = 0
        /// Events whose batch was answered without their id, or never.
        package var missing: Int64 = 0
        /// The first ids of those.
        package var missingIDs: [String] = []
        /// Ids in answers that were not in their batch.
        package var unexpected: Int64 = 0

        /// Nothing sent.
        package init() {}
    }

    private struct State: Sendable {
        var figures = Figures()
        /// By the number of the batch; answers come in the order of the batches.
        var waiting: [Int64: [String]] = [:]
    }

    private let state = Mutex(State())

    /// Starts with nothing sent.
    package init() {}

    /// The figures now.
    package var figures: Figures { state.withLock { $0.figures } }

    /// Call it before a batch is sent.
    package func send(ids: [String], bytes: Int) {
        state.withLock { state in
            state.waiting[state.figures.batches] = ids
            state.figures.batches += 1
            state.figures.events += Int64(ids.count)
            state.figures.bytes += Int64(bytes)
        }
    }

    /// Takes the answer to the oldest unanswered batch.
    package func acknowledge(_ ids: [String]) {
        state.withLock { state in
            let sent = state.waiting.removeValue(forKey: state.figures.answered) ?? []
            state.figures.answered += 1
            if sent == ids {
                state.figures.acknowledged += Int64(ids.count)
                return
            }
            var acknowledged: [String: Int] = [:]
            for id in ids { acknowledged[id, default: 0] += 1 }
            for id in sent {
                if let count = acknowledged[id], count > 0 {
                    acknowledged[id] = count - 1
                    state.figures.acknowledged += 1
                } else {
                    state.figures.miss(id)
                }
            }
            state.figures.unexpected += Int64(acknowledged.values.reduce(0, +))
        }
    }

    /// No answer follows: what is unanswered is missing.
    package func finish() {
        state.withLock { state in
            for (_, ids) in state.waiting.sorted(by: { $0.key < $1.key }) {
                for id in ids { state.figures.miss(id) }
            }
            state.waiting = [:]
        }
    }
}

extension AcknowledgementTally.Figures {
    fileprivate mutating func miss(_ id: String) {
        missing += 1
        if missingIDs.count < AcknowledgementTally.maximumNamedIDs { missingIDs.append(id) }
    }
}

/// Batches by client; the clients take turns by bytes (deficit round robin), each client's batches in order.
///
/// One client's million events do not delay another's ten: whoever has something waiting gets a turn of ``turnBytes`` before
/// anybody gets a second one. A batch that is larger than a turn waits until its client has saved up for it.
struct FairQueue: Sendable {
    /// What a client may take in one turn, in payload bytes.
    static let turnBytes: Int64 = 256 << 10
    /// What a batch costs at least: thousands of tiny ones are work too.
    static let minimumPrice: Int64 = 512

    private struct Flow {
        var batches = Queue<BatchSummary>()
        var credit: Int64 = 0
    }

    private var flows: [Int32: Flow] = [:]
    /// Clients with something waiting; the first one's turn it is.
    private var turns = Queue<Int32>()
    /// Batches that wait.
    private(set) var count = 0
    /// Payload bytes that wait.
    private(set) var bytes: Int64 = 0

    var isEmpty: Bool { count == 0 }

    /// Puts a batch at the end of its client's line.
    mutating func append(_ batch: BatchSummary) {
        if flows[batch.client] == nil { turns.append(batch.client) }
        flows[batch.client, default: Flow()].batches.append(batch)
        count += 1
        bytes += batch.bytes
    }

    /// Takes the batch whose turn it is.
    mutating func popFirst() -> BatchSummary? {
        while let client = turns.first {
            guard let price = flows[client]?.batches.first.map(Self.price), let saved = flows[client]?.credit else {
                _ = turns.popFirst()
                continue
            }
            // Nobody else waits: saving up would only cost time.
            if turns.count == 1 || saved >= price { return take(from: client, price: price, credit: saved) }
            let credit = saved + Self.turnBytes
            flows[client]?.credit = credit
            if credit >= price { return take(from: client, price: price, credit: credit) }
            _ = turns.popFirst()
            turns.append(client)
        }
        return nil
    }

    /// Takes batches out of turn, at most so many: of each client those at the head of its line for which this holds.
    mutating func popFirst(_ limit: Int, where isWanted: (BatchSummary) -> Bool) -> [BatchSummary] {
        var popped: [BatchSummary] = []
        var emptied: Set<Int32> = []
        for client in flows.keys.sorted() {
            while popped.count < limit, let first = flows[client]?.batches.first, isWanted(first) {
                _ = flows[client]?.batches.popFirst()
                popped.append(first)
                bytes -= first.bytes
            }
            if flows[client]?.batches.isEmpty == true {
                flows[client] = nil
                emptied.insert(client)
            }
        }
        count -= popped.count
        // A client has one place in the order of turns.
        if !emptied.isEmpty { turns.removeAll { emptied.contains($0) } }
        return popped
    }

    private mutating func take(from client: Int32, price: Int64, credit: Int64) -> BatchSummary? {
        guard let batch = flows[client]?.batches.popFirst() else { return nil }
        count -= 1
        bytes -= batch.bytes
        let left = max(0, credit - price)
        if let next = flows[client]?.batches.first {
            flows[client]?.credit = left
            // The turn is over once the credit does not reach for the next batch.
            if left < Self.price(next) {
                _ = turns.popFirst()
                turns.append(client)
            }
        } else {
            // An empty line keeps no credit: a client can not save up while it has nothing to send.
            flows[client] = nil
            _ = turns.popFirst()
        }
        return batch
    }

    private static func price(_ batch: BatchSummary) -> Int64 { max(batch.bytes, minimumPrice) }
}

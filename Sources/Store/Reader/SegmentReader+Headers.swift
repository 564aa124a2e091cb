extension SegmentReader {
    /// Headers of the batches after one, at most `limit`, without reading a payload.
    ///
    /// - Returns: a header for each number, also where the row can not be read: whoever reads the batch finds out. And what
    ///   can not be read and has no number.
    func headers(after batch: Int64, limit: Int) throws(StoreError) -> (headers: [BatchHeader], damaged: [DamagedBatch])
    {
        do {
            let headers = try headersInOrder(after: batch, limit: limit)
            // Nothing more to be seen, but the seal counts more.
            if headers.isEmpty, let sealed = try sealedTotals(), sealed.batches > batch {
                return try headersOneByOne(after: batch, limit: limit)
            }
            return (headers, [])
        } catch {
            guard error.code == .corrupt else { throw error }
            return try headersOneByOne(after: batch, limit: limit)
        }
    }

    /// Who sent what the headers stand for, by stream; streams whose rows can not be read are left out.
    func senders(of headers: [BatchHeader]) throws(StoreError) -> [Int64: StreamSender] {
        var senders: [Int64: StreamSender] = [:]
        var last: Int64 = 0
        for header in headers where header.stream != last {
            last = header.stream
            guard senders[last] == nil, let sender = try sender(stream: last) else { continue }
            senders[last] = sender
        }
        return senders
    }

    /// Who sent a batch; nil when its row or its stream's can not be read.
    func sender(batch: Int64) throws(StoreError) -> StreamSender? {
        try sender(stream: try headerOrPlace(batch).stream)
    }

    private func sender(stream: Int64) throws(StoreError) -> StreamSender? {
        defer { oneSender.reset() }
        do {
            try oneSender.bind(1, stream)
            guard try oneSender.step() else { return nil }
            return StreamSender(name: oneSender.text(0), source: oneSender.text(1))
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    private func headersInOrder(after batch: Int64, limit: Int) throws(StoreError) -> [BatchHeader] {
        defer { nextHeaders.reset() }
        try nextHeaders.bind(1, batch)
        try nextHeaders.bind(2, Int64(limit))
        var headers: [BatchHeader] = []
        while try nextHeaders.step() {
            let header = header(nextHeaders)
            // The writer numbers batches without gaps: a gap is a row that a damaged page no longer shows.
            guard header.position.batch == batch + Int64(headers.count) + 1 else {
                throw StoreError(.corrupt, "\(connection.path): batch \(batch + Int64(headers.count) + 1) is missing")
            }
            headers.append(header)
        }
        return headers
    }

    /// The way past a damaged page: each batch is looked up by its number.
    private func headersOneByOne(
        after batch: Int64, limit: Int
    ) throws(StoreError) -> (headers: [BatchHeader], damaged: [DamagedBatch]) {
        guard let newest = try newestBatch() else {
            let damaged = DamagedBatch(
                segment: number, id: 0, events: 0, reason: "how many batches follow batch \(batch) can not be read")
            return ([], [damaged])
        }
        var headers: [BatchHeader] = []
        // A damaged seal may name any number.
        while headers.count < limit, batch + Int64(headers.count) < newest {
            headers.append(try headerOrPlace(batch + Int64(headers.count) + 1))
        }
        return (headers, [])
    }

    private func headerOrPlace(_ id: Int64) throws(StoreError) -> BatchHeader {
        defer { nextHeaders.reset() }
        do {
            try nextHeaders.bind(1, id - 1)
            try nextHeaders.bind(2, 1)
            if try nextHeaders.step(), nextHeaders.integer(0) == id { return header(nextHeaders) }
        } catch {
            guard error.code == .corrupt else { throw error }
        }
        return BatchHeader(
            position: SpoolPosition(segment: number, batch: id), stream: 0, receivedAt: 0, events: 0, payloadBytes: 0)
    }

    /// No batch is larger, or has more events, whatever a damaged row claims.
    private static let maximumClaim = Int64(UInt32.max)

    private func header(_ row: Statement) -> BatchHeader {
        BatchHeader(
            position: SpoolPosition(segment: number, batch: row.integer(0)), stream: row.integer(1),
            receivedAt: row.integer(2), events: min(max(0, row.integer(3)), Self.maximumClaim),
            payloadBytes: min(max(0, row.integer(4)), Self.maximumClaim))
    }
}

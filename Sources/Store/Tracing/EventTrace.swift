internal import CSupport

/// A search for an event by its id: dead letters and quarantine first, then every payload on disk, the newest first.
struct EventTrace {
    /// Places that are told at most.
    static let maximumPlaces = 100

    private struct Destination {
        let row: Int64
        let name: String
        let isActive: Bool
        let state: DestinationState?
        let progress: [UInt64: SegmentProgress]
    }

    private let layout: SpoolLayout
    private let id: [UInt8]
    private let bound: TraceBound
    private let findsAll: Bool
    private let eventID: (UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?
    private let progress: (EventTraceResult) -> Void
    private var destinations: [Destination] = []
    private var closed: Set<UInt64> = []
    private var result = EventTraceResult()

    /// - Parameters:
    ///   - findsAll: whether the search goes on after the first place.
    ///   - eventID: the id of an encoded event.
    ///   - progress: told after each segment.
    init(
        layout: SpoolLayout, id: [UInt8], bound: TraceBound, findsAll: Bool,
        eventID: @escaping (UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?,
        progress: @escaping (EventTraceResult) -> Void
    ) {
        self.layout = layout
        self.id = id
        self.bound = bound
        self.findsAll = findsAll
        self.eventID = eventID
        self.progress = progress
    }

    /// - Throws: `newerVersion`, `io`.
    mutating func run() throws(StoreError) -> EventTraceResult {
        guard !id.isEmpty else { return result }
        let ledger = try LedgerFile.openForReading(path: layout.ledgerPath)
        // One snapshot; it lasts until the connection is closed.
        try ledger?.execute("BEGIN")
        if let ledger { try load(ledger) }
        let numbers = try layout.segmentNumbers()
        result.oldestAt = numbers.first.map { SpoolLayout.createdAt($0) }
        if let ledger { try addLetters(ledger) }
        try addQuarantine(numbers, ledger)
        for number in numbers.reversed() {
            guard wantsMore else { break }
            guard !bound.isOver, result.bytes < bound.bytes else {
                result.isComplete = false
                break
            }
            do throws(StoreError) {
                try search(number, ledger)
            } catch {
                if error.code == .newerVersion { throw error }
                if FileReader.exists(layout.segmentPath(number)) { result.problems.append(error.message) }
            }
            result.segments += 1
            progress(result)
        }
        result.places.sort { $0.receivedAt > $1.receivedAt }
        return result
    }

    private var wantsMore: Bool {
        result.places.count < Self.maximumPlaces && (findsAll || result.places.isEmpty)
    }

    private mutating func load(_ ledger: Connection) throws(StoreError) {
        guard try ledger.hasTable("client_total") else { return }
        let table = try ProgressTable(ledger)
        let rows = try Statement(ledger, "SELECT id, name, active FROM destination ORDER BY id")
        while try rows.step() {
            let row = rows.integer(0)
            let select = try Statement(
                ledger, "SELECT \(DestinationState.columns) FROM destination_state WHERE destination = \(row)")
            destinations.append(
                Destination(
                    row: row, name: rows.text(1), isActive: rows.integer(2) != 0,
                    state: try select.step() ? DestinationState(select, at: 0) : nil,
                    progress: try table.load(destination: row)))
        }
        let finished = try Statement(ledger, "SELECT segment FROM finished_segment")
        while try finished.step() { closed.insert(UInt64(bitPattern: finished.integer(0))) }
    }

    /// Dead letters of segments that are gone: of all others the segments tell.
    private mutating func addLetters(_ ledger: Connection) throws(StoreError) {
        guard try ledger.hasTable("dead_letter") else { return }
        let onDisk = Set(try layout.segmentNumbers())
        let rows = try Statement(
            ledger,
            """
            SELECT DISTINCT segment, batch, event, received_at, client_name, source FROM dead_letter
            WHERE event_id = ? AND kind = 0 AND is_copy = 0 ORDER BY id DESC LIMIT \(Self.maximumPlaces)
            """)
        try rows.bind(1, copying: id)
        while try rows.step() {
            let segment = UInt64(bitPattern: rows.integer(0))
            guard !onDisk.contains(segment) else { continue }
            let (batch, event) = (rows.integer(1), Int(clamping: rows.integer(2)))
            result.places.append(
                EventPlace(
                    segment: segment, batch: batch, event: event, receivedAt: rows.integer(3), client: rows.text(4),
                    source: rows.text(5),
                    destinations: try fates(segment: segment, batch: batch, event: event, ledger)))
        }
    }

    private mutating func addQuarantine(_ numbers: [UInt64], _ ledger: Connection?) throws(StoreError) {
        var seen: Set<DeadLetterID> = []
        if let ledger {
            let rows = try Statement(
                ledger,
                """
                SELECT segment, row, received_at, client, source, reason, detail FROM quarantined_event
                WHERE event_id = ? ORDER BY id DESC LIMIT \(Self.maximumPlaces)
                """)
            try rows.bind(1, copying: id)
            while try rows.step() { add(quarantined: rows, segment: UInt64(bitPattern: rows.integer(0)), &seen) }
        }
        for number in numbers.reversed() where result.places.count < Self.maximumPlaces {
            do throws(StoreError) {
                guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
                    continue
                }
                let rows = try Statement(
                    reader.connection,
                    """
                    SELECT batch.id, quarantine.id, batch.received_at, stream.client, stream.source, quarantine.reason,
                        quarantine.detail
                    FROM quarantine JOIN batch ON batch.id = quarantine.batch JOIN stream ON stream.id = batch.stream
                    WHERE quarantine.event_id = ? LIMIT \(Self.maximumPlaces)
                    """)
                try rows.bind(1, copying: id)
                while try rows.step() { add(quarantined: rows, segment: number, &seen) }
            } catch {
                // Told once, by the search for accepted events.
                if error.code == .newerVersion { throw error }
            }
        }
    }

    private mutating func add(quarantined row: Statement, segment: UInt64, _ seen: inout Set<DeadLetterID>) {
        let name = DeadLetterID.quarantine(segment: segment, row: row.integer(1))
        guard seen.insert(name).inserted else { return }
        result.places.append(
            EventPlace(
                segment: segment, batch: 0, event: Int(clamping: row.integer(1)), receivedAt: row.integer(2),
                client: row.text(3), source: row.text(4),
                refusal: EventPlace.Refusal(reason: row.text(5), detail: row.text(6), id: name)))
    }

    private mutating func search(_ number: UInt64, _ ledger: Connection?) throws(StoreError) {
        guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else { return }
        let rows = try Statement(reader.connection, "SELECT id, payload FROM batch ORDER BY id DESC")
        while wantsMore, try rows.step() {
            let (size, isHit) = rows.withBytes(1) { ($0.count, contains($0)) }
            result.bytes += Int64(size)
            if isHit { try look(into: rows.integer(0), reader, ledger) }
            if bound.isOver || result.bytes >= bound.bytes {
                result.isComplete = false
                return
            }
        }
    }

    private func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
        id.withUnsafeBytes { gateway_find(bytes.baseAddress, bytes.count, $0.baseAddress, $0.count) } < bytes.count
    }

    /// The bytes of the id are somewhere in a batch: in which events as their id?
    private mutating func look(into batch: Int64, _ reader: SegmentReader, _ ledger: Connection?) throws(StoreError) {
        let found = try reader.withBatch(batch) { (lent) -> (stream: Int64, receivedAt: Int64, events: [Int]) in
            let events = (0..<lent.eventCount).filter { number in
                guard let other = eventID(lent.event(number)) else { return false }
                return other.elementsEqual(id)
            }
            return (lent.stream, lent.receivedAt, events)
        }
        guard let found else {
            result.problems.append("segment \(reader.number), batch \(batch): its checksum does not match")
            return
        }
        guard !found.events.isEmpty else { return }
        let record = try reader.stream(found.stream)?.record
        for event in found.events where wantsMore {
            result.places.append(
                EventPlace(
                    segment: reader.number, batch: batch, event: event, receivedAt: found.receivedAt,
                    client: record?.client ?? "", source: record?.source ?? "",
                    destinations: try fates(segment: reader.number, batch: batch, event: event, ledger)))
        }
    }

    private func fates(
        segment: UInt64, batch: Int64, event: Int, _ ledger: Connection?
    ) throws(StoreError) -> [EventPlace.Destination] {
        var parts: [EventPlace.Destination] = []
        for destination in destinations {
            let own = destination.progress[segment] ?? SegmentProgress()
            let isResolved = closed.contains(segment) || own.isFinished || own.isResolved(batch: batch, event: event)
            var fate = EventPlace.Fate.waiting
            if let letter = try letter(segment: segment, batch: batch, event: event, destination.row, ledger) {
                fate = letter
            } else if isResolved || !FileReader.exists(layout.segmentPath(segment)) {
                let receipt = try ReceiptReader(layout: layout).receipt(
                    segment: segment, batch: batch, event: event, destination: destination.row)
                fate = receipt.map { .delivered($0) } ?? .resolved
            }
            parts.append(
                EventPlace.Destination(
                    name: destination.name, isActive: destination.isActive, state: destination.state, fate: fate))
        }
        return parts
    }

    private func letter(
        segment: UInt64, batch: Int64, event: Int, _ destination: Int64, _ ledger: Connection?
    ) throws(StoreError) -> EventPlace.Fate? {
        guard let ledger, try ledger.hasTable("dead_letter") else { return nil }
        let rows = try Statement(
            ledger,
            """
            SELECT id, state, code, message, last_seen_at FROM dead_letter
            WHERE destination = \(destination) AND kind = 0 AND segment = \(Int64(bitPattern: segment))
                AND batch = \(batch) AND event = \(event) AND is_copy = 0
            """)
        guard try rows.step() else { return nil }
        if rows.integer(1) == DeadLetter.State.delivered.rawValue {
            return .delivered(EventReceipt(deliveredAt: rows.integer(4)))
        }
        return .dead(letter: rows.integer(0), code: rows.text(2), message: rows.text(3))
    }
}

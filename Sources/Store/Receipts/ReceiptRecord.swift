/// One record of a receipt file: what of a request lies in one segment. Written as a length, a CRC-32C and the body; what
/// does not add up ends the file for a reader.
struct ReceiptRecord: Sendable, Hashable {
    /// A run of events of one batch.
    struct Run: Sendable, Hashable {
        let batch: Int64
        let events: Range<Int>
    }

    /// Longest body (bytes): 1000 messages with ids of a hundred bytes take a tenth of it.
    static let maximumBytes = 1 << 20

    /// The format, in front of each body.
    private static let version: UInt64 = 1

    private enum Kind: UInt64 {
        case none = 0
        case numbers = 1
        case texts = 2
        case place = 3
    }

    /// Milliseconds since 1970.
    let milliseconds: UInt64
    let runs: [Run]
    let references: DeliveryReferences

    /// The records of a request, one for each segment of which it has events.
    static func records(of request: DeliveredRequest) -> [(segment: UInt64, record: ReceiptRecord)] {
        let milliseconds = UInt64(max(0, request.at) / 1_000_000)
        // Nearly always all of one segment.
        if let first = request.resolutions.first, request.resolutions.allSatisfy({ $0.segment == first.segment }) {
            let runs = request.resolutions.map { Run(batch: $0.batch, events: $0.events) }
            return [
                (first.segment, ReceiptRecord(milliseconds: milliseconds, runs: runs, references: request.references))
            ]
        }
        var parts: [(segment: UInt64, record: ReceiptRecord)] = []
        var start = 0
        for resolution in request.resolutions {
            let messages = start..<start + resolution.events.count
            start = messages.upperBound
            parts.append(
                (
                    resolution.segment,
                    ReceiptRecord(
                        milliseconds: milliseconds, runs: [Run(batch: resolution.batch, events: resolution.events)],
                        references: request.references.part(messages))
                ))
        }
        return parts
    }

    /// Appends the record.
    func append(to output: inout [UInt8]) {
        var body = ReceiptBytes()
        body.append(Self.version)
        body.append(milliseconds)
        body.append(UInt64(runs.count))
        var batch: UInt64 = 0
        for run in runs {
            let next = UInt64(bitPattern: run.batch)
            body.append(difference: next &- batch)
            body.append(UInt64(run.events.lowerBound))
            body.append(UInt64(run.events.count))
            batch = next
        }
        switch references {
        case .none: body.append(Kind.none.rawValue)
        case .numbers(let numbers):
            body.reserve(body.bytes.count + 2 * numbers.count + 32)
            body.append(Kind.numbers.rawValue)
            var last: UInt64 = 0
            for number in numbers {
                body.append(difference: number &- last)
                last = number
            }
        case .texts(let texts):
            body.append(Kind.texts.rawValue)
            for text in texts { body.append(text) }
        case .place(let place):
            body.append(Kind.place.rawValue)
            body.append(place)
        }
        guard body.bytes.count <= Self.maximumBytes else { return }
        var frame = ReceiptBytes()
        frame.append(UInt64(body.bytes.count))
        output += frame.bytes
        withUnsafeBytes(of: Self.checksum(body.bytes[...]).littleEndian) { output += Array($0) }
        output += body.bytes
    }

    /// Reads the next record; nil at the end, and where the bytes do not add up.
    static func next(_ cursor: inout ReceiptCursor) -> ReceiptRecord? {
        guard let length = cursor.number(), length <= UInt64(maximumBytes), let sum = cursor.take(4),
            let body = cursor.take(Int(length))
        else { return nil }
        let stored = sum.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard stored == checksum(body) else { return nil }
        return ReceiptRecord(body: body)
    }

    /// Reads a body whose checksum holds.
    static func decoded(_ body: ArraySlice<UInt8>) -> ReceiptRecord? { ReceiptRecord(body: body) }

    private init?(body: ArraySlice<UInt8>) {
        var cursor = ReceiptCursor(body)
        guard cursor.number() == Self.version, let milliseconds = cursor.number(), let count = cursor.count(each: 3)
        else {
            return nil
        }
        var runs: [Run] = []
        var batch: UInt64 = 0
        var messages = 0
        for _ in 0..<count {
            guard let step = cursor.difference(), let first = cursor.number(), let events = cursor.number(),
                first <= UInt64(UInt32.max), events <= UInt64(UInt32.max)
            else { return nil }
            batch &+= step
            messages += Int(events)
            runs.append(Run(batch: Int64(bitPattern: batch), events: Int(first)..<Int(first + events)))
        }
        guard let kind = cursor.number().flatMap({ Kind(rawValue: $0) }),
            let references = Self.references(kind, messages, &cursor)
        else { return nil }
        self.init(milliseconds: milliseconds, runs: runs, references: references)
    }

    init(milliseconds: UInt64, runs: [Run], references: DeliveryReferences) {
        self.milliseconds = milliseconds
        self.runs = runs
        self.references = references
    }

    private static func references(
        _ kind: Kind, _ messages: Int, _ cursor: inout ReceiptCursor
    ) -> DeliveryReferences? {
        switch kind {
        case .none: return DeliveryReferences.none
        case .place: return cursor.text().map { .place($0) }
        case .numbers:
            var numbers: [UInt64] = []
            var last: UInt64 = 0
            while numbers.count < messages {
                guard let step = cursor.difference() else { return nil }
                last &+= step
                numbers.append(last)
            }
            return .numbers(numbers)
        case .texts:
            var texts: [String] = []
            while texts.count < messages {
                guard let text = cursor.text() else { return nil }
                texts.append(text)
            }
            return .texts(texts)
        }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = Checksum()
        bytes.withUnsafeBytes { sum.add($0) }
        return sum.value
    }

    /// The receipt of one event; nil when it is not in this record.
    func receipt(batch: Int64, event: Int) -> EventReceipt? {
        var message = 0
        for run in runs {
            if run.batch == batch, run.events.contains(event) {
                return receipt(message: message + event - run.events.lowerBound)
            }
            message += run.events.count
        }
        return nil
    }

    private func receipt(message: Int) -> EventReceipt {
        let at = Int64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000_000)
        let deliveredAt = at.overflow ? Int64.max : at.partialValue
        switch references {
        case .none: return EventReceipt(deliveredAt: deliveredAt)
        case .place(let place): return EventReceipt(deliveredAt: deliveredAt, place: place)
        case .numbers(let numbers):
            return EventReceipt(
                deliveredAt: deliveredAt, messageID: numbers.indices.contains(message) ? "\(numbers[message])" : nil)
        case .texts(let texts):
            return EventReceipt(
                deliveredAt: deliveredAt, messageID: texts.indices.contains(message) ? texts[message] : nil)
        }
    }
}

extension DeliveryReferences {
    /// What belongs to some of the messages.
    fileprivate func part(_ messages: Range<Int>) -> DeliveryReferences {
        switch self {
        case .none, .place: self
        case .numbers(let numbers): .numbers(Array(numbers[messages.clamped(to: numbers.indices)]))
        case .texts(let texts): .texts(Array(texts[messages.clamped(to: texts.indices)]))
        }
    }
}

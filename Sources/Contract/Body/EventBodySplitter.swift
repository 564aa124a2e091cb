/// Finds where the items of a body lie, aware of strings and nesting and of nothing else: whether an item is JSON is
/// decided when it is decoded. Never traps.
struct EventBodySplitter {
    /// One item that is not blank.
    struct Place: Sendable {
        /// Where its bytes lie in the body.
        let bytes: Range<Int>
        /// Its line or its element, from 1.
        let number: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private let limit: Int
    private var offset: Int
    private(set) var places: [Place] = []

    /// The items of `body`.
    static func split(
        _ body: [UInt8], format: EventBodyFormat, limits: EventBodyLimits
    ) throws(EventBodyError) -> [Place] {
        guard body.count <= limits.bodyBytes else {
            throw EventBodyError(
                .tooLarge,
                "the body has \(body.count) bytes and at most \(limits.bodyBytes) are taken; send smaller batches")
        }
        do {
            return try body.withUnsafeBytes { buffer in
                var splitter = EventBodySplitter(buffer, limit: limits.items)
                try splitter.checkText()
                switch format {
                case .lines: try splitter.splitLines()
                case .array: try splitter.splitArray()
                }
                return splitter.places
            }
        } catch let error as EventBodyError {
            throw error
        } catch {
            // Not reached: everything above throws this type, which `withUnsafeBytes` can not say.
            throw EventBodyError(.malformed, "the body can not be read")
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        self.bytes = bytes
        self.limit = limit
        offset = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// What people send by mistake, told apart before it becomes a riddle.
    private func checkText() throws(EventBodyError) {
        if bytes.starts(with: [0x1f, 0x8b]) {
            throw EventBodyError(.notText, "the body is compressed; say so with Content-Encoding: gzip")
        }
        if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) || bytes.prefix(4).contains(0) {
            throw EventBodyError(.notText, "the body is not UTF-8; JSON is sent as UTF-8")
        }
    }

    private mutating func append(_ range: Range<Int>, number: Int) throws(EventBodyError) {
        guard places.count < limit else {
            throw EventBodyError(
                .tooManyItems, "the body has more than \(limit) events; send smaller batches", offset: range.lowerBound)
        }
        places.append(Place(bytes: range, number: number))
    }
}

extension EventBodySplitter {
    private mutating func splitLines() throws(EventBodyError) {
        var number = 0
        var hasObject = false
        while offset < bytes.count {
            number += 1
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = offset..<end
            offset = end + 1
            while let last = line.last, Self.isSpace(bytes[last]) { line = line.lowerBound..<last }
            while let first = line.first, Self.isSpace(bytes[first]) { line = first + 1..<line.upperBound }
            guard let first = line.first else { continue }
            if places.isEmpty, bytes[first] == UInt8(ascii: "[") {
                throw EventBodyError(
                    .wrongShape,
                    "the body is a JSON array; send it as \(EventBodyFormat.array.mediaType), or one object a line",
                    offset: first)
            }
            hasObject = hasObject || bytes[first] == UInt8(ascii: "{")
            try append(line, number: number)
        }
        guard hasObject || places.isEmpty else {
            throw EventBodyError(
                .wrongShape, "no line of the body is a JSON object; send one event a line, as in {\"id\":\"…\",…}")
        }
    }

    private mutating func splitArray() throws(EventBodyError) {
        skipSpace()
        guard offset < bytes.count else {
            throw EventBodyError(.empty, "the body is empty; send a JSON array of events")
        }
        guard bytes[offset] == UInt8(ascii: "[") else {
            throw EventBodyError(
                .wrongShape,
                "the body is no JSON array; send [{…},…], or one object a line as \(EventBodyFormat.lines.mediaType)",
                offset: offset)
        }
        offset += 1
        skipSpace()
        if try current() == UInt8(ascii: "]") {
            offset += 1
        } else {
            try splitElements()
        }
        skipSpace()
        guard offset == bytes.count else {
            throw EventBodyError(
                .malformed, "there is something behind the JSON array, at byte \(offset); send one array",
                offset: offset)
        }
    }

    private mutating func splitElements() throws(EventBodyError) {
        var number = 0
        while true {
            skipSpace()
            number += 1
            try append(try element(), number: number)
            skipSpace()
            let separator = try current()
            offset += 1
            if separator == UInt8(ascii: "]") { return }
            guard separator == UInt8(ascii: ",") else { throw malformed(at: offset - 1) }
        }
    }

    /// Steps over one element: to its last bracket, or, for anything but an object or array, to what separates it.
    private mutating func element() throws(EventBodyError) -> Range<Int> {
        let start = offset
        var depth = 0
        while true {
            let byte = try current()
            switch byte {
            case UInt8(ascii: "\""):
                try skipString()
                if depth == 0 { return start..<offset }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 {
                    guard offset > start, byte == UInt8(ascii: "]") else { throw malformed(at: offset) }
                    return start..<offset
                }
                depth -= 1
                if depth == 0 {
                    offset += 1
                    return start..<offset
                }
            case UInt8(ascii: ",") where depth == 0:
                guard offset > start else { throw malformed(at: offset) }
                return start..<offset
            case _ where depth == 0 && Self.isSpace(byte):
                return start..<offset
            default:
                break
            }
            offset += 1
        }
    }

    private mutating func skipString() throws(EventBodyError) {
        offset += 1
        while true {
            switch try current() {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"):
                offset += 2
            default:
                offset += 1
            }
        }
    }

    private func current() throws(EventBodyError) -> UInt8 {
        guard offset < bytes.count else {
            throw EventBodyError(
                .truncated, "the body ends in the middle of the JSON array; send all of it", offset: bytes.count)
        }
        return bytes[offset]
    }

    private func malformed(at offset: Int) -> EventBodyError {
        EventBodyError(
            .malformed, "the body is no JSON array, at byte \(offset); separate the events with one comma each",
            offset: offset)
    }

    private mutating func skipSpace() {
        while offset < bytes.count, Self.isSpace(bytes[offset]) { offset += 1 }
    }

    @inline(__always)
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }
}

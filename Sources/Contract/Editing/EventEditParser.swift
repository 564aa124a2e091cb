/// Reads the text of an edit. The language is the part of jq's that names one place: nothing is computed.
struct EventEditParser {
    private static let quote = UInt8(ascii: "\"")

    private let bytes: [UInt8]
    private var offset = 0

    /// - Throws: with the position of what is not understood.
    static func parse(_ text: String) throws(EventEditFailure) -> [EventEdit.Change] {
        var parser = EventEditParser(bytes: Array(text.utf8))
        return try parser.changes()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func changes() throws(EventEditFailure) -> [EventEdit.Change] {
        var changes: [EventEdit.Change] = []
        repeat {
            skipSpace()
            if takeWord("del") {
                try expect("(", "“(” after del, as in del(.user)")
                repeat { changes.append(.remove(try path())) } while take(",")
                try expect(")", "“,” or “)” after the path")
            } else {
                let path = try path()
                try expect("=", "“=” and a JSON value after the path, or del(…) around it")
                changes.append(.set(path, try value()))
            }
            skipSpace()
        } while take("|")
        guard offset == bytes.count else { throw failure("“|” or the end is expected here") }
        return changes
    }

    private mutating func value() throws(EventEditFailure) -> JSONValue {
        skipSpace()
        do throws(JSONReader.Fault) {
            return JSONValue(try JSONReader.read(bytes, from: &offset, maximumDepth: JSONValue.maximumDepth))
        } catch {
            throw EventEditFailure(
                position: error.offset, "a JSON value is expected here: texts stand in quotes, as in \"text\"")
        }
    }

    private mutating func path() throws(EventEditFailure) -> EventPath {
        skipSpace()
        var path = EventPath()
        guard current == UInt8(ascii: ".") else {
            throw failure("a path is expected here; paths begin with a dot, as in .parameters.metadata[\"key\"]")
        }
        while true {
            let start = offset
            if take(".", skippingSpace: false) {
                if current == UInt8(ascii: "[") { continue }
                path.append(.member(try name()), at: start)
            } else if take("[", skippingSpace: false) {
                path.append(try subscriptStep(), at: start)
                try expect("]", "“]” after the key")
            } else {
                break
            }
        }
        guard !path.steps.isEmpty else { throw failure("a member's name is expected here") }
        try path.check()
        return path
    }

    private mutating func name() throws(EventEditFailure) -> String {
        if current == Self.quote { return try quoted() }
        let start = offset
        while let byte = current, EventPath.isPlain(Character(UnicodeScalar(byte))) { offset += 1 }
        guard offset > start else {
            throw failure("a member's name is expected here; other names than letters, digits and _ stand in [\"…\"]")
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func subscriptStep() throws(EventEditFailure) -> EventPath.Step {
        skipSpace()
        if current == Self.quote { return .member(try quoted()) }
        let start = offset
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard let index = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
            throw EventEditFailure(position: start, "a key in quotes or an index from 0 is expected in the brackets")
        }
        return .element(index)
    }

    private mutating func quoted() throws(EventEditFailure) -> String {
        let node: JSONNode
        do throws(JSONReader.Fault) {
            node = try JSONReader.read(bytes, from: &offset)
        } catch {
            throw EventEditFailure(position: error.offset, "the text in quotes is not closed or not well-formed")
        }
        guard case .string(let text) = node else { throw failure("a text in quotes is expected here") }
        return text
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar, skippingSpace: Bool = true) -> Bool {
        if skippingSpace { skipSpace() }
        guard current == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[offset...].starts(with: word.utf8) else { return false }
        offset += word.utf8.count
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar, _ what: String) throws(EventEditFailure) {
        guard take(character) else { throw failure("\(what) is expected here") }
    }

    private func failure(_ message: String) -> EventEditFailure { EventEditFailure(position: offset, message) }
}

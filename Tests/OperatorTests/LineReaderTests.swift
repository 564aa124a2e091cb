internal import Operator
internal import Testing

@Suite struct LineReaderTests {
    /// All lines of a text that arrives in pieces of at most `piece` bytes.
    private func lines(
        _ text: String, piece: Int, maximumLineBytes: Int = 1 << 20
    ) throws -> [(number: Int, text: String?)] {
        var rest = Array(text.utf8)[...]
        var reader = LineReader(chunkBytes: 16, maximumLineBytes: maximumLineBytes) { buffer in
            let part = rest.prefix(min(piece, buffer.count))
            rest = rest.dropFirst(part.count)
            buffer.copyBytes(from: part)
            return part.count
        }
        var lines: [(Int, String?)] = []
        while let line = try reader.next() {
            lines.append((line.number, line.bytes.map { String(decoding: $0, as: UTF8.self) }))
        }
        return lines
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16])
    func piecesDoNotMatter(_ piece: Int) throws {
        let lines = try lines("{\"a\":1}\r\n\n  \t\r\nsecond, longer than a piece\nlast", piece: piece)
        #expect(lines.map(\.text) == ["{\"a\":1}", "second, longer than a piece", "last"])
        #expect(lines.map(\.number) == [1, 4, 5])
    }

    @Test(arguments: ["", "\n", "\n\n \n", "\r\n"])
    func blankInputHasNoLines(_ text: String) throws {
        #expect(try lines(text, piece: 4).isEmpty)
    }

    @Test(arguments: [1, 3, 16])
    func aLineBeyondTheLimitIsReportedAndTheNextIsRead(_ piece: Int) throws {
        let lines = try lines(
            "12345\n" + String(repeating: "x", count: 100) + "\nabc", piece: piece, maximumLineBytes: 5)
        #expect(lines.map(\.text) == ["12345", nil, "abc"])
        #expect(lines.map(\.number) == [1, 2, 3])
    }

    @Test func aByteOrderMarkIsNoPartOfTheFirstLine() throws {
        #expect(try lines("\u{FEFF}{}\n{}", piece: 2).map(\.text) == ["{}", "{}"])
    }

    @Test func aFailingInputFails() {
        let failure = OperatorFailure(.ioError, "gone")
        var reader = LineReader(chunkBytes: 16, maximumLineBytes: 16) { (_) throws(OperatorFailure) in throw failure }
        #expect(throws: failure) { try reader.next() }
    }
}

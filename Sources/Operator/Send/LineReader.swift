/// Lines of an input that is read in pieces; holds one piece and one line at most.
package struct LineReader {
    /// One line, without its end.
    package struct Line: Sendable, Hashable {
        /// Counted from 1, blank lines included.
        package let number: Int
        /// Its bytes; nil for a line that is longer than the limit.
        package let bytes: [UInt8]?
    }

    /// Fills a buffer and returns how many bytes it put there, 0 at the end.
    package typealias Read = (UnsafeMutableRawBufferPointer) throws(OperatorFailure) -> Int

    private let maximumLineBytes: Int
    private let read: Read
    private var chunk: [UInt8]
    /// What of `chunk` is not used yet.
    private var rest = 0..<0
    private var number = 0
    private var atEnd = false

    /// Makes a reader that asks for `chunkBytes` at a time.
    package init(chunkBytes: Int, maximumLineBytes: Int, read: @escaping Read) {
        self.maximumLineBytes = maximumLineBytes
        self.read = read
        chunk = [UInt8](repeating: 0, count: chunkBytes)
    }

    /// Whether the next line can be had without reading more of the input.
    package var hasLine: Bool { atEnd || chunk[rest].contains(UInt8(ascii: "\n")) }

    /// The next line that is not blank; nil at the end. The last line may lack its end.
    package mutating func next() throws(OperatorFailure) -> Line? {
        while let line = try nextLine() {
            guard let bytes = line.bytes else { return line }
            if bytes.contains(where: { !Self.isBlank($0) }) { return line }
        }
        return nil
    }

    private mutating func nextLine() throws(OperatorFailure) -> Line? {
        var bytes: [UInt8] = []
        var isTooLong = false
        var isEmpty = true
        while true {
            if rest.isEmpty {
                try fill()
                guard !rest.isEmpty else { break }
            }
            isEmpty = false
            let end = chunk[rest].firstIndex(of: UInt8(ascii: "\n"))
            let part = rest.lowerBound..<(end ?? rest.upperBound)
            // What a line has beyond the limit is skipped without being kept.
            if bytes.count + part.count > maximumLineBytes { isTooLong = true }
            if !isTooLong { bytes += chunk[part] }
            rest = (end.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
            if end != nil { break }
        }
        guard !isEmpty else { return nil }
        number += 1
        if number == 1, bytes.starts(with: Self.byteOrderMark) { bytes.removeFirst(Self.byteOrderMark.count) }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return Line(number: number, bytes: isTooLong ? nil : bytes)
    }

    private mutating func fill() throws(OperatorFailure) {
        guard !atEnd else { return }
        let read = read
        let count = try chunk.withUnsafeMutableBufferPointer { (buffer) throws(OperatorFailure) in
            try read(UnsafeMutableRawBufferPointer(buffer))
        }
        rest = 0..<count
        atEnd = count == 0
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}

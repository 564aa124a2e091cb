internal import Glibc

/// JSON written into memory that the caller reserved, or only counted.
///
/// Every member and every element is written with a comma behind it, which the end of its object or list replaces: no
/// state says whether something is the first.
struct JSONOutput {
    /// Where the next byte goes.
    var next: UnsafeMutablePointer<UInt8>
    /// Up to here ``slack`` bytes are free.
    let limit: UnsafeMutablePointer<UInt8>
    /// Not nil when output is counted and not kept.
    private let counter: UnsafeMutablePointer<Counter>?

    /// Output that is counted: the few bytes at hand, and how many came before them.
    struct Counter {
        let start: UnsafeMutablePointer<UInt8>
        var droppedCount = 0
    }

    /// The most bytes that a writer adds after one check: a name, a number and punctuation.
    static let slack = 96

    /// Output into `space`, which must have room for ``slack`` bytes.
    init(_ start: UnsafeMutablePointer<UInt8>, count: Int) {
        next = start
        limit = start + (count - Self.slack)
        counter = nil
    }

    /// Output that is only counted.
    ///
    /// - Parameter counter: its memory has room for ``slack`` bytes and one more.
    init(counting counter: UnsafeMutablePointer<Counter>) {
        self.counter = counter
        next = counter.pointee.start
        // Always full once a byte is written, so that counting costs nothing where bytes are kept.
        limit = counter.pointee.start
    }

    /// Bytes written so far; for output that is counted.
    var count: Int {
        guard let counter else { return 0 }
        return counter.pointee.droppedCount + (next - counter.pointee.start)
    }

    /// Makes sure that `count` bytes and ``slack`` more can be written.
    @inline(__always)
    mutating func require(_ count: Int = 0) throws(TranscodingFault) {
        guard limit - next < count else { return }
        next = try Self.makeRoom(count, behind: next, counter)
    }

    /// Lets go of all bytes but the last, which closing a bracket looks at.
    @inline(never)
    private static func makeRoom(
        _ count: Int, behind next: UnsafeMutablePointer<UInt8>, _ counter: UnsafeMutablePointer<Counter>?
    ) throws(TranscodingFault) -> UnsafeMutablePointer<UInt8> {
        guard let counter, count == 0 else { throw .outOfSpace }
        let start = counter.pointee.start
        counter.pointee.droppedCount += next - start - 1
        start[0] = next[-1]
        return start + 1
    }

    /// Counts bytes that nobody writes.
    func skip(_ count: Int) throws(TranscodingFault) {
        guard let counter else { throw .outOfSpace }
        counter.pointee.droppedCount += count
    }

    /// Writes a name or a word. The caller has required space.
    @inline(__always)
    mutating func literal(_ text: StaticString) {
        next.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        next += text.utf8CodeUnitCount
    }

    /// Writes one byte. The caller has required space.
    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        next[0] = byte
        next += 1
    }

    /// Copies bytes as they are.
    @inline(__always)
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) throws(TranscodingFault) {
        try require(bytes.count)
        guard let start = bytes.baseAddress else { return }
        memcpy(next, start, bytes.count)
        next += bytes.count
    }

    /// Begins the object or list that is the value of a member.
    @inline(__always)
    mutating func open(_ nameAndBracket: StaticString) throws(TranscodingFault) {
        try require()
        literal(nameAndBracket)
    }

    @inline(__always)
    mutating func closeObject() throws(TranscodingFault) {
        try close(UInt8(ascii: "}"))
    }

    @inline(__always)
    mutating func closeList() throws(TranscodingFault) {
        try close(UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func close(_ bracket: UInt8) throws(TranscodingFault) {
        try require()
        // An opening bracket or a comma stands in front.
        if next[-1] == UInt8(ascii: ",") { next -= 1 }
        next[0] = bracket
        next[1] = UInt8(ascii: ",")
        next += 2
    }
}

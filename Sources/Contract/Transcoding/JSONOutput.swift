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
    let start: UnsafeMutablePointer<UInt8>
    /// Whether the memory is used again once it is full.
    let isCounting: Bool
    /// Bytes that had to make room for others.
    private var droppedCount = 0

    /// The most bytes that a writer adds after one check: a name, a number and punctuation.
    static let slack = 96

    /// Output into `space`, which must have room for ``slack`` bytes.
    init(_ start: UnsafeMutablePointer<UInt8>, count: Int) {
        self.init(start, count: count, isCounting: false)
    }

    /// Output of which only ``count`` stays. `space` is what is written at a time, and much more than ``slack``.
    init(counting space: UnsafeMutablePointer<UInt8>, count: Int) {
        self.init(space, count: count, isCounting: true)
    }

    private init(_ start: UnsafeMutablePointer<UInt8>, count: Int, isCounting: Bool) {
        self.start = start
        next = start
        limit = start + (count - Self.slack)
        self.isCounting = isCounting
    }

    /// Bytes written so far.
    var count: Int { droppedCount + (next - start) }

    /// Makes sure that `count` bytes and ``slack`` more can be written.
    @inline(__always)
    mutating func require(_ count: Int = 0) throws(TranscodingFault) {
        guard limit - next >= count else { return try makeRoom(count) }
    }

    @inline(never)
    private mutating func makeRoom(_ count: Int) throws(TranscodingFault) {
        // The last byte stays, because closing a bracket looks at it.
        guard isCounting, limit - start > count, next > start else { throw .outOfSpace }
        droppedCount += next - start - 1
        start[0] = next[-1]
        next = start + 1
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

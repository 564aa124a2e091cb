internal import Glibc

/// JSON written into memory that the caller reserved.
///
/// Every member and every element is written with a comma behind it, which the end of its object or list replaces: no
/// state says whether something is the first.
struct JSONOutput {
    /// Where the next byte goes.
    var next: UnsafeMutablePointer<UInt8>
    /// Up to here ``slack`` bytes are free.
    private let limit: UnsafeMutablePointer<UInt8>

    /// The most bytes that a writer adds after one check: a name, a number and punctuation.
    static let slack = 96

    /// Output into `space`, which must have room for ``slack`` bytes.
    init(_ start: UnsafeMutablePointer<UInt8>, count: Int) {
        next = start
        limit = start + (count - Self.slack)
    }

    /// Makes sure that `count` bytes and ``slack`` more can be written.
    @inline(__always)
    func require(_ count: Int = 0) throws(TranscodingFault) {
        guard limit - next >= count else { throw .outOfSpace }
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

/// Base64 as Go's decoders read it: line breaks are skipped and the unused bits of the last character may be anything.
enum Base64 {
    /// Which characters, and whether the text is filled up with `=`.
    enum Variant {
        case standardPadded
        case urlUnpadded
    }

    /// A character that has no business where it is.
    struct Fault: Error {
        /// Bytes from the start of the text.
        let offset: Int
    }

    /// Decodes text that is ASCII when it is right.
    static func decode(_ text: [UInt8], as variant: Variant) throws(Fault) -> [UInt8] {
        let values = variant == .urlUnpadded ? urlValues : standardValues
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var held = 0
        for offset in text.indices {
            let character = text[offset]
            if isLineBreak(character) { continue }
            if character == padding, variant == .standardPadded {
                try checkPadding(text, from: offset, characters: 4 - held)
                appendRest(bits, held: held, to: &output)
                return output
            }
            let value = values[Int(character)]
            guard value != none else { throw Fault(offset: offset) }
            bits = bits << 6 | UInt32(value)
            held += 1
            if held == 4 {
                output.append(UInt8(truncatingIfNeeded: bits >> 16))
                output.append(UInt8(truncatingIfNeeded: bits >> 8))
                output.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
                held = 0
            }
        }
        let complete = variant == .urlUnpadded ? held != 1 : held == 0
        guard complete else { throw Fault(offset: text.count - min(held, text.count)) }
        appendRest(bits, held: held, to: &output)
        return output
    }

    /// Encodes without padding, in the standard alphabet.
    static func encodeUnpadded(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(standardAlphabet[Int(bits >> UInt32(count) & 0x3f)])
            }
        }
        if count > 0 { output.append(standardAlphabet[Int(bits << UInt32(6 - count) & 0x3f)]) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func checkPadding(_ text: [UInt8], from start: Int, characters: Int) throws(Fault) {
        // One or two: an empty group and a group of one character cannot be filled up.
        guard (1...2).contains(characters) else { throw Fault(offset: start) }
        var missing = characters
        for offset in start..<text.count where !isLineBreak(text[offset]) {
            guard text[offset] == padding, missing > 0 else { throw Fault(offset: offset) }
            missing -= 1
        }
        guard missing == 0 else { throw Fault(offset: text.count) }
    }

    private static func appendRest(_ bits: UInt32, held: Int, to output: inout [UInt8]) {
        switch held {
        case 2:
            output.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        default:
            break
        }
    }

    private static func isLineBreak(_ character: UInt8) -> Bool {
        character == UInt8(ascii: "\n") || character == UInt8(ascii: "\r")
    }

    private static let padding = UInt8(ascii: "=")
    private static let none: UInt8 = 0xff
    private static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let standardValues = values(of: standardAlphabet)
    private static let urlValues = values(of: standardAlphabet.dropLast(2) + Array("-_".utf8))

    private static func values(of alphabet: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: none, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }
}

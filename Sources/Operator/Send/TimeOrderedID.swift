internal import Runtime

/// Ids for events and requests that have none: UUIDs of version 7, which sort by the time they were made.
package enum TimeOrderedID {
    private static let hexadecimal = Array("0123456789abcdef".utf8)
    private static let nanosecondsPerMillisecond: Int64 = 1_000_000

    /// A new id.
    /// - Parameter now: nanoseconds since 1970.
    package static func make(now: Int64 = WallClock.now()) -> String {
        var generator = SystemRandomNumberGenerator()
        return make(now: now, random: (generator.next(), generator.next()))
    }

    /// The id of a time and 74 of these random bits.
    package static func make(now: Int64, random: (UInt64, UInt64)) -> String {
        let milliseconds = UInt64(clamping: now / nanosecondsPerMillisecond) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for digit in 0..<32 {
            if [8, 12, 16, 20].contains(digit) { text.append(UInt8(ascii: "-")) }
            let half = digit < 16 ? high : low
            text.append(hexadecimal[Int(half >> UInt64(60 - digit % 16 * 4) & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

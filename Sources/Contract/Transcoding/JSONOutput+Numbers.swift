extension JSONOutput {
    /// Writes a whole number. The caller has required space.
    @inline(__always)
    mutating func integer(_ value: Int64) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        digits(of: value.magnitude)
    }

    /// Writes a double so that it reads back as the same one, as short as that can be. The caller has required space.
    ///
    /// JSON has no word for numbers that are not finite: protobuf writes them as text.
    @inline(__always)
    mutating func double(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude <= Self.maximumWholeDouble {
            if whole == 0, value.sign == .minus { byte(UInt8(ascii: "-")) }
            integer(whole)
        } else {
            fraction(value)
        }
    }

    /// Up to here every whole number is a double, and has no shorter form than its digits (2^53).
    private static let maximumWholeDouble: UInt64 = 1 << 53
    /// Decimals with at most so many digits (as a bound on the number without its point) are the shortest form of the
    /// double that they read as.
    private static let maximumShortDecimal: Double = 1e15

    @inline(never)
    private mutating func fraction(_ value: Double) {
        guard value.isFinite else {
            literal(value.isNaN ? #""NaN""# : value < 0 ? #""-Infinity""# : #""Infinity""#)
            return
        }
        let magnitude = value.magnitude
        if magnitude >= 1e-3, magnitude < 1e9 {
            // Both operands are exact, so the division rounds as reading the decimal does.
            var scale = 10.0
            for places in 1...6 {
                let scaled = (magnitude * scale).rounded()
                if scaled < Self.maximumShortDecimal, scaled / scale == magnitude {
                    if value < 0 { byte(UInt8(ascii: "-")) }
                    decimal(UInt64(scaled), places: places, scale: UInt64(scale))
                    return
                }
                scale *= 10
            }
        }
        value.write(to: &self)
    }

    private mutating func decimal(_ scaled: UInt64, places: Int, scale: UInt64) {
        digits(of: scaled / scale)
        byte(UInt8(ascii: "."))
        var rest = scaled % scale
        var index = places
        while index > 0 {
            index &-= 1
            next[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += places
    }

    @inline(__always)
    private mutating func digits(of value: UInt64) {
        if value < 10 {
            byte(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
        } else {
            manyDigits(of: value)
        }
    }

    /// The magnitude of an `Int64` has no more digits (count).
    private static let maximumDigits = 19

    @inline(never)
    private mutating func manyDigits(of value: UInt64) {
        var count = 2
        var bound: UInt64 = 100
        while count < Self.maximumDigits, value >= bound {
            count &+= 1
            bound &*= 10
        }
        var rest = value
        var index = count
        while index >= 2 {
            index &-= 2
            twoDigits(rest % 100, at: next + index)
            rest /= 100
        }
        if index == 1 { next[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest) }
        next += count
    }

    private static let pairs: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    /// Writes a number below 100 with two digits at `place`.
    @inline(__always)
    func twoDigits(_ value: UInt64, at place: UnsafeMutablePointer<UInt8>) {
        let pair = Self.pairs.utf8Start + 2 &* Int(truncatingIfNeeded: value)
        place[0] = pair[0]
        place[1] = pair[1]
    }
}

/// The standard library's shortest form of a double comes as ASCII, without a string in between.
extension JSONOutput: TextOutputStream {
    mutating func write(_ text: String) {
        for byte in text.utf8 { self.byte(byte) }
    }

    mutating func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) {
        for byte in text { self.byte(byte) }
    }
}

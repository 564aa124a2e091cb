/// SplitMix64: small, fast and the same on every machine, so that a printed seed repeats a failure.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// The same seed gives the same numbers.
    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed &>> 31)
    }

    /// A number in `0..<bound`; quick rather than perfectly even. `bound` is above 0.
    package mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: (next() &>> 33) % UInt64(bound))
    }

    /// True once in `times`.
    package mutating func once(in times: Int) -> Bool {
        below(times) == 0
    }
}

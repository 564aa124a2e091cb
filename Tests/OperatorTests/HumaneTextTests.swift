internal import Operator
internal import Testing

@Suite struct HumaneTextTests {
    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (100_000, "100,000"),
            (-1_234, "-1,234"),
        ] as [(Int64, String)])
    func countsHaveThousandsSeparators(_ number: Int64, _ text: String) {
        #expect(HumaneText.count(number) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
            ((1 << 20) - 1, "1023.9 KiB"), (13 << 30, "13.0 GiB"), (.max, "8191.9 PiB"),
        ] as [(Int64, String)])
    func bytesAreCutToOneDecimal(_ number: Int64, _ text: String) {
        #expect(HumaneText.bytes(number) == text)
    }

    @Test(
        arguments: [
            (-5_000_000_000, "0 ms"), (0, "0 ms"), (450_000_000, "450 ms"), (1_000_000_000, "1 s"),
            (59_999_999_999, "59 s"), (60_000_000_000, "1 min"), (192_000_000_000, "3 min 12 s"),
            (7_500_000_000_000, "2 h 5 min"), (86_400_000_000_000, "1 d"), (273_600_000_000_000, "3 d 4 h"),
        ] as [(Int64, String)])
    func spansUseTwoUnits(_ nanoseconds: Int64, _ text: String) {
        #expect(HumaneText.span(nanoseconds) == text)
    }

    @Test func measuredSecondsHaveThreeDecimals() {
        #expect(HumaneText.seconds(12_345_678) == "0.012 s")
        #expect(HumaneText.seconds(61_002_000_000) == "61.002 s")
    }

    @Test func oneIsSingular() {
        #expect(HumaneText.quantity(1, "batch", "batches") == "1 batch")
        #expect(HumaneText.quantity(0, "batch", "batches") == "0 batches")
    }
}

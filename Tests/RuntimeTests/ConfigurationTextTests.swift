import Testing

@testable import Runtime

struct ConfigurationTextTests {
    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("5s", .seconds(5)), ("10m", .seconds(600)), ("24h", .seconds(86_400)),
        ("1d", .seconds(86_400)), ("0s", .zero),
    ])
    func durationsAreParsed(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        "", "5", "s", "-5s", "1.5s", "5 s", "5S", "5sec", "1h30m", "99999999999999999999s", "9223372036854775807d",
        "٣s",
    ])
    func otherTextsAreNotDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["250ms", "5s", "90m", "10m", "1d", "0s", "1001ms"])
    func durationsAreFormattedInTheirGreatestUnit(text: String) throws {
        #expect(DurationText.format(try #require(DurationText.parse(text))) == text)
    }

    @Test(arguments: [
        ("1048576", 1 << 20), ("64MiB", 64 << 20), ("10MB", 10_000_000), ("1kB", 1_000), ("3GiB", 3 << 30), ("7B", 7),
        ("0", 0),
    ])
    func byteCountsAreParsed(text: String, expected: Int) {
        #expect(ByteCountText.parse(text) == expected)
    }

    @Test(arguments: ["", "MiB", "-1", "1.5MiB", "1 MiB", "1mib", "1Mi", "99999999999TiB"])
    func otherTextsAreNotByteCounts(text: String) {
        #expect(ByteCountText.parse(text) == nil)
    }

    @Test(arguments: [(64 << 20, "64MiB"), (10_000_000, "10MB"), (1_536, "1536"), (0, "0"), (94_371_840, "90MiB")])
    func byteCountsAreFormattedExactly(bytes: Int, expected: String) {
        #expect(ByteCountText.format(bytes) == expected)
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "", 3), ("kitten", "sitting", 3),
    ])
    func editDistanceCountsSlips(left: String, right: String, expected: Int) {
        #expect(EditDistance.between(left, right) == expected)
        #expect(EditDistance.between(right, left) == expected)
    }

    @Test func theNearestNameIsSuggestedAndFarOnesAreNot() {
        #expect(EditDistance.nearest(to: "PROT", in: ["POT", "PORT", "PATH"]) == "PORT")
        #expect(EditDistance.nearest(to: "XYZ", in: ["PORT"]) == nil)
    }
}

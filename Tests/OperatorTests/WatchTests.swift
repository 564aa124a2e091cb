internal import Forwarder
internal import Operator
internal import Testing

@Suite struct WatchTests {
    @Test(arguments: [
        ("plain text", 5, "plain"), ("plain", 5, "plain"), ("", 5, ""),
        ("\u{1B}[31mred\u{1B}[0m text", 3, "\u{1B}[31mred\u{1B}[0m\u{1B}[0m"),
        ("\u{1B}[31mred\u{1B}[0m", 3, "\u{1B}[31mred\u{1B}[0m"), ("äöü", 2, "äö"),
    ]) func linesAreCutToTheTerminal(_ line: String, _ columns: Int, _ expected: String) {
        #expect(TerminalText.fit(line, columns: columns) == expected)
    }

    @Test func whatComesFromOutsideMovesNoCursor() {
        #expect(TerminalText.clean("a\u{1B}[2Jb\r\n\u{9B}c ü") == "a [2Jb   c ü")
    }

    @Test func aFrameFitsAndClearsWhatStoodThere() {
        let frame = TerminalScreen.frame("one\ntwo long\n", columns: 3, rows: 2)
        #expect(frame == "\u{1B}[Hone\u{1B}[K\r\ntwo\u{1B}[K\u{1B}[J")
        let cut = TerminalScreen.frame("1\n2\n3\n4\n", columns: 80, rows: 3)
        #expect(cut.contains("1\u{1B}[K\r\n2\u{1B}[K\r\n… 2 more lines"))
        #expect(!cut.contains("3"))
        #expect(cut.split(separator: "\r\n").count == 3)
    }

    @Test func ratesAreThoseOfTheWindow() {
        var window = RateWindow(length: 10)
        #expect(window.perSecond == nil)
        window.add(100, at: 0)
        #expect(window.perSecond == nil)
        window.add(110, at: 5)
        #expect(window.perSecond == 2e9)
        window.add(110, at: 5)
        window.add(110, at: 15)
        window.add(110, at: 25)
        // What happened before the window no longer counts.
        #expect(window.perSecond == 0)
    }

    @Test(
        arguments: [
            (0.0, nil, TimeLeft.now), (5, nil, .unknown), (5, 0, .never), (5, -1, .never), (5, 2, .seconds(2.5)),
            (1e18, 1, .never),
        ] as [(Double, Double?, TimeLeft)]) func timeLeftIsHonest(
            _ amount: Double, _ rate: Double?, _ expected: TimeLeft
        )
    {
        #expect(TimeLeft(amount: amount, rate: rate) == expected)
    }

    @Test(
        arguments: [
            ("2026-01-02T03:04:05Z", 1_767_323_045_000_000_000),
            ("2026-01-02T04:04:05+01:00", 1_767_323_045_000_000_000),
            ("2h", 1_799_992_800_000_000_000), ("now", 1_800_000_000_000_000_000), ("500ms", 1_799_999_999_500_000_000),
        ] as [(String, Int64)]) func timesAreRead(_ text: String, _ expected: Int64)
    {
        #expect(TimePoint(argument: text)?.nanoseconds(now: 1_800_000_000_000_000_000) == expected)
    }

    @Test(arguments: [
        "", "yesterday", "2026-01-02", "2026-13-02T03:04:05Z", "-2h", "2 h", "9999999999999d", "9999-01-01T00:00:00Z",
    ])
    func textsThatAreNoTimesAreRefused(_ text: String) {
        #expect(TimePoint(argument: text) == nil)
    }
}

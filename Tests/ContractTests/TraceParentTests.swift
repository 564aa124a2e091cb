internal import Contract
internal import Testing

/// The cases of the W3C Trace Context specification and of its test suite, as far as one header goes.
@Suite struct TraceParentTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"
    private static let plain = "00-\(trace)-\(parent)-01"

    @Test(arguments: [
        plain,
        "00-\(trace)-\(parent)-00",
        // Flags that nobody has defined are to be ignored, not refused.
        "00-\(trace)-\(parent)-ff",
        "00-00000000000000000000000000000001-0000000000000001-01",
        "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01",
    ])
    func versionZeroIsKept(value: String) {
        #expect(TraceParent(headerValue: value)?.text == value)
    }

    @Test(arguments: [
        ("01-\(trace)-\(parent)-01", plain),
        ("cc-\(trace)-\(parent)-01-what-the-future-will-be-like", plain),
        ("cc-\(trace)-\(parent)-01-", plain),
        ("fe-\(trace)-\(parent)-ff", plain),
        ("cc-\(trace)-\(parent)-fe", "00-\(trace)-\(parent)-00"),
        (" \t\(plain) \t", plain),
    ])
    func isRead(value: String, text: String) {
        #expect(TraceParent(headerValue: value)?.text == text)
    }

    @Test(arguments: [
        "", " ", "-", "00", "00-", plain + "-", plain + ".", plain + "0", plain + "-extra", "\(plain),\(plain)",
        "cc-\(trace)-\(parent)-01.what-the-future-will-be-like", "cc-\(trace)-\(parent)-010",
        "ff-\(trace)-\(parent)-01",
        // Versions and flags that are no two lower-case digits.
        "0-\(trace)-\(parent)-01", "000-\(trace)-\(parent)-01", ".0-\(trace)-\(parent)-01", "0.-\(trace)-\(parent)-01",
        "0A-\(trace)-\(parent)-01", "0x-\(trace)-\(parent)-01",
        "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-.0", "00-\(trace)-\(parent)-0.", "00-\(trace)-\(parent)-0A",
        "00-\(trace)-\(parent)-001", "00-\(trace)-\(parent)-",
        // Ids: only zeros, wrong length, wrong characters.
        "00-00000000000000000000000000000000-\(parent)-01", "00-\(trace)-0000000000000000-01",
        "cc-00000000000000000000000000000000-\(parent)-01", "cc-\(trace)-0000000000000000-01",
        "00-\(trace)0-\(parent)-01", "00-\(trace.dropLast())-\(parent)-01", "00-\(trace)-\(parent)0-01",
        "00-\(trace)-\(parent.dropLast())-01", "00-\(trace.uppercased())-\(parent)-01",
        "00-\(trace)-\(parent.uppercased())-01", "00-.\(trace.dropFirst())-\(parent)-01",
        "00-\(trace.dropLast())g-\(parent)-01", "00-\(trace)-\(parent.dropLast())é-01",
        // Other separators.
        "00_\(trace)-\(parent)-01", "00-\(trace)_\(parent)-01", "00-\(trace)-\(parent)_01", "00 -\(trace)-\(parent)-01",
        "00-\(trace)-\(parent)-0\u{0}", "00-\(trace)-\(parent)-\n1",
    ])
    func isIgnored(value: String) {
        #expect(TraceParent(headerValue: value) == nil)
    }
}

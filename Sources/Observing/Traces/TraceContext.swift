/// Where a span stands in a trace: what W3C Trace Context hands from process to process.
package struct TraceContext: Sendable, Hashable, CustomStringConvertible {
    /// The trace id, first half.
    package let traceHigh: UInt64
    /// The trace id, second half.
    package let traceLow: UInt64
    /// The span id; not 0.
    package let span: UInt64
    /// Whether the trace is recorded.
    package let isSampled: Bool

    /// Makes a context from its parts.
    package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads `00-<trace id>-<parent id>-<flags>`, as the spool keeps it.
    /// - Returns: nil for everything else, the empty text included.
    package init?(traceparent text: String) {
        guard !text.isEmpty else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count == 55, bytes[2] == Self.dash, bytes[35] == Self.dash, bytes[52] == Self.dash,
            bytes[0] == UInt8(ascii: "0"), bytes[1] == UInt8(ascii: "0"),
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
            let span = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55]),
            high | low != 0, span != 0
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, isSampled: flags & 1 == 1)
    }

    /// The context of a new span in the same trace.
    func child(_ span: UInt64) -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, span: span, isSampled: isSampled)
    }

    package var description: String {
        "00-\(Self.hexadecimal(traceHigh))\(Self.hexadecimal(traceLow))-\(Self.hexadecimal(span))-0\(isSampled ? 1 : 0)"
    }

    private static let dash = UInt8(ascii: "-")

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        digits.reduce(0) { (number: UInt64?, byte) in
            guard let number else { return nil }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): return number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
    }
}

/// Numbers of bytes as people write them: `1048576`, `64MiB`, `10MB`.
package enum ByteCountText {
    // Binary units first, so that formatting prefers them.
    private static let units: [(suffix: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1),
        ("", 1),
    ]

    /// nil when the text is not one non-negative integer and at most one unit, or does not fit an `Int`.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let number = Int(digits) else { return nil }
        let suffix = text.dropFirst(digits.count)
        guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// The exact text in the greatest unit that divides the number.
    package static func format(_ bytes: Int) -> String {
        guard bytes != 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else { return "0" }
        return unit.bytes == 1 ? "\(bytes)" : "\(bytes / unit.bytes)\(unit.suffix)"
    }
}

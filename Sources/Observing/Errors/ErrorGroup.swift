package import Runtime

/// What makes two errors the same: where they come from, and their code. Texts do not count; they name files, numbers and
/// senders.
package struct ErrorGroup: Sendable, Hashable {
    /// File and function of the log event.
    package let place: String
    /// A snake_case code; "unknown" when the error has none.
    package let code: String

    /// The group of a log event. Its code is the field `code` or `reason`, else what the error ends with in square brackets,
    /// as the errors of this project do.
    package init(_ record: ErrorLogRecord) {
        place = "\(record.file) \(record.function)"
        code =
            [record[field: "code"], record[field: "reason"]].compactMap(\.self).first(where: Self.isCode)
            ?? record[field: "error"].flatMap(Self.code(endOf:))
            ?? record[field: "exit_code"].map { "exit_\($0)" } ?? "unknown"
    }

    private static func code(endOf text: String) -> String? {
        guard text.hasSuffix("]"), let start = text.lastIndex(of: "[") else { return nil }
        let code = String(text[text.index(after: start)...].dropLast())
        return isCode(code) ? code : nil
    }

    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
    }
}

internal import Logging

/// Builds one log line: a JSON object of at most `limit` bytes with its newline, whatever is put into it.
struct LogLineBuilder {
    /// Longest log line, in bytes, newline included.
    static let maximumLineBytes = 16 << 10

    private static let truncationMark: [UInt8] = Array(",\"truncated\":true".utf8)

    private let limit: Int
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var truncated = false

    /// - Parameter limit: bytes of the finished line; at least 64, so that the mark always fits.
    init(limit: Int = maximumLineBytes) {
        // What the mark, the closing brace and the newline need stays free.
        self.limit = max(limit, 64) - Self.truncationMark.count - 2
        bytes.reserveCapacity(512)
    }

    /// Appends a member; a text that does not fit is cut, any other value that does not fit is left out.
    mutating func append(_ key: String, _ value: Logger.MetadataValue) {
        guard !truncated else { return }
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        let keyFits = JSONText.appendQuoted(key, limit: limit, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        // Two bytes for the quotes of an empty text.
        guard keyFits, bytes.count + 2 <= limit else { return cut(to: start) }
        if case .string(let text) = value {
            truncated = !JSONText.appendQuoted(text, limit: limit, to: &bytes)
        } else if !append(value) || bytes.count > limit {
            cut(to: start)
        }
    }

    /// The finished line with its newline.
    consuming func finish() -> [UInt8] {
        if truncated { bytes += bytes.count == 1 ? Array(Self.truncationMark.dropFirst()) : Self.truncationMark }
        bytes += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return bytes
    }

    private mutating func cut(to count: Int) {
        bytes.removeSubrange(count...)
        truncated = true
    }

    private mutating func append(_ value: Logger.MetadataValue) -> Bool {
        switch value {
        case .string(let text):
            return JSONText.appendQuoted(text, limit: limit, to: &bytes)
        case .stringConvertible(let value):
            if let number = Self.number(value) {
                bytes += Array(number.utf8)
                return bytes.count <= limit
            }
            return JSONText.appendQuoted(value.description, limit: limit, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                guard append(value) else { return false }
            }
            bytes.append(UInt8(ascii: "]"))
            return true
        case .dictionary(let values):
            bytes.append(UInt8(ascii: "{"))
            for (index, key) in values.keys.sorted().enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                guard JSONText.appendQuoted(key, limit: limit, to: &bytes) else { return false }
                bytes.append(UInt8(ascii: ":"))
                guard append(values[key] ?? "") else { return false }
            }
            bytes.append(UInt8(ascii: "}"))
            return true
        }
    }

    // Numbers and booleans stay what they are, so that log stores can compare and sum them.
    private static func number(_ value: any CustomStringConvertible) -> String? {
        switch value {
        case let value as any FixedWidthInteger: String(describing: value)
        case let value as Bool: value ? "true" : "false"
        case let value as Double where value.isFinite: value.description
        default: nil
        }
    }
}

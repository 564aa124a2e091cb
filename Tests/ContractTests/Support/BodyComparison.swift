internal import Contract
internal import SwiftProtobuf

/// Holds what was made of a body against what SwiftProtobuf makes of the same items.
struct BodyComparison {
    private var scanner = WireScanner()

    /// How many events the last body had; nil for a body that was refused.
    private(set) var events: Int?

    /// What is wrong with the result for this body; nil when nothing is.
    mutating func difference(_ bytes: [UInt8], format: EventBodyFormat) -> String? {
        events = nil
        var body: EventBody
        do {
            body = try EventBody(bytes, format: format)
            while try body.decode(portion: 64) {}
        } catch {
            return error.message.isEmpty || error.offset < 0 || error.offset > bytes.count ? "error \(error)" : nil
        }
        events = body.eventCount
        let ids = body.items.compactMap { item in
            if case .event(_, let id) = item { id } else { nil }
        }
        for case .problem(let problem) in body.items {
            guard problem.offset < bytes.count, problem.number > 0, problem.message.utf8.count < 300 else {
                return "problem \(problem)"
            }
        }
        let request = body.request
        guard let decoded = try? Telemetrygateway_V1_RecordEventsRequest(serializedBytes: request) else {
            return "the request does not decode"
        }
        guard decoded.events.events.map(\.id) == ids else { return "other ids" }
        guard
            let payload = try? request.withUnsafeBytes({ try scanner.scan($0, acknowledgeRefused: true) }),
            payload == .events, scanner.acceptedCount + scanner.refused.count == ids.count
        else { return "the scanner refuses the request" }
        return format == .lines ? linesDifference(bytes, body.items, decoded.events.events) : nil
    }

    /// Lines are easily found without the splitter: each that SwiftProtobuf takes must be an event, and no other.
    private func linesDifference(
        _ bytes: [UInt8], _ items: [EventBodyItem], _ events: [Telemetrygateway_V1_Event]
    ) -> String? {
        var text = bytes[...]
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        let lines = text.split(separator: UInt8(ascii: "\n")).filter { line in
            line.contains { ![0x20, 0x09, 0x0d].contains($0) }
        }
        guard lines.count == items.count else { return "\(items.count) items of \(lines.count) lines" }
        for (line, item) in zip(lines, items) {
            let oracle = try? Telemetrygateway_V1_Event(jsonUTF8Bytes: Array(line))
            switch (item, oracle) {
            case (.event(let ordinal, _), let oracle?):
                // NaN is not equal to itself; its text is.
                guard events[ordinal].textFormatString() == oracle.textFormatString() else { return "another event" }
            case (.problem(let problem), nil):
                guard problem.code != .tooLong else { return "an item too long" }
            case (.problem(let problem), _?):
                guard problem.code == .tooDeep else { return "\(problem)" }
            case (.event, nil):
                return "an event that is none"
            }
        }
        return nil
    }
}

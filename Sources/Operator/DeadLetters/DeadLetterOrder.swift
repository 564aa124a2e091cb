internal import Contract
internal import Forwarder

/// Says what became of an order about dead letters.
enum DeadLetterOrder {
    static func write(_ result: ControlResult, _ verb: String, json: Bool) {
        let output = TextOutput.standardOutput
        guard !json else { return output.write(result.json.line) }
        let bytes = result.bytes > 0 ? " (\(HumaneText.bytes(result.bytes)))" : ""
        output.write("\(HumaneText.quantity(result.events, "dead letter", "dead letters"))\(bytes): \(verb)\n")
    }
}

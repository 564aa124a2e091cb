internal import Contract
internal import Forwarder

/// Says what became of a command that steers destinations.
enum SteeringReport {
    static func write(_ result: ControlResult, _ verb: String, json: Bool) {
        let output = TextOutput.standardOutput
        if json {
            output.write(result.json.line)
        } else {
            for destination in result.destinations { output.write("\(verb): \(destination)\n") }
        }
    }
}

internal import Contract
internal import Runtime

/// The answer to a request whose events were dealt with one by one.
struct EventsAnswer: Sendable {
    private var body: [UInt8] = Array("{\"results\":[".utf8)
    private var recorded = 0
    private var duplicates = 0
    private var rejected = 0

    /// - Parameters:
    ///   - items: what became of the items of the body.
    ///   - results: one for each event among them.
    init(_ items: [EventBodyItem], format: EventBodyFormat, results: [EventResult]) {
        body.reserveCapacity(items.count * 80 + 100)
        for (index, item) in items.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            switch item {
            case .problem(let problem): append(problem, format)
            case .event(let ordinal, let id): append(id, results[ordinal])
            }
        }
        append("],\"recorded\":\(recorded),\"duplicates\":\(duplicates),\"rejected\":\(rejected)}\n")
    }

    /// 200, whatever became of the single events.
    var response: OperationsResponse {
        OperationsResponse(status: 200, contentType: OperationsResponse.json, body: body)
    }

    private mutating func append(_ id: String, _ result: EventResult) {
        append("{\"id\":")
        JSONText.appendQuoted(id, to: &body)
        switch result {
        case .recorded:
            recorded += 1
            append(",\"status\":\"recorded\"}")
        case .duplicate:
            duplicates += 1
            append(",\"status\":\"duplicate\"}")
        case .rejected(let rejection):
            append(",")
            append(rejection)
        }
    }

    private mutating func append(_ problem: EventItemProblem, _ format: EventBodyFormat) {
        append("{\"\(format.itemName)\":\(problem.number),\"offset\":\(problem.offset),")
        append(
            EventRejection(
                code: problem.code.rawValue,
                message: "\(format.itemName) \(problem.number) \(problem.message)"))
    }

    private mutating func append(_ rejection: EventRejection) {
        rejected += 1
        append("\"status\":\"rejected\",\"code\":")
        JSONText.appendQuoted(rejection.code, to: &body)
        if !rejection.field.isEmpty {
            append(",\"field\":")
            JSONText.appendQuoted(rejection.field, to: &body)
        }
        append(",\"message\":")
        JSONText.appendQuoted(rejection.message, to: &body)
        append(",\"retryable\":\(rejection.retryable)}")
    }

    private mutating func append(_ text: String) {
        body += Array(text.utf8)
    }
}

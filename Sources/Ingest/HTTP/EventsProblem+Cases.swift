internal import Contract
internal import Runtime

extension EventsProblem {
    /// A body that is no list of events.
    init(_ error: EventBodyError) {
        self.init(status: error.isSize ? 413 : 400, code: error.code.rawValue, detail: error.message)
    }

    /// A body that could not be read.
    init(_ error: OperationsBodyError) {
        self.init(
            status: error.status, code: error.code, detail: error.detail, retryAfterSeconds: error.retryAfterSeconds)
    }

    static let contentType = EventsProblem(
        status: 415, code: "content_type_unsupported",
        detail: "the body's Content-Type is not one of application/x-ndjson and application/json")

    static let serviceIDMissing = EventsProblem(
        status: 400, code: IdentityProblem.serviceIDMissing.rawValue,
        detail: IdentityProblem.serviceIDMissing.message + ": send it as X-Service-Id")

    static func headerRepeated(_ name: String) -> EventsProblem {
        EventsProblem(status: 400, code: "header_repeated", detail: "\(name) is sent more than once")
    }

    static func headerTooLong(_ name: String, limit: Int) -> EventsProblem {
        EventsProblem(
            status: 400, code: "header_too_long", detail: "\(name) is longer than \(limit) bytes")
    }

    /// A defect: never the sender's fault.
    static let defect = EventsProblem(
        status: 500, code: "internal", detail: "the gateway could not tell what became of the events; send them again")
}

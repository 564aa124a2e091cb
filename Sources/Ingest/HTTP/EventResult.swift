/// What became of one event of a request.
enum EventResult: Sendable, Hashable {
    /// It is durable now.
    case recorded
    /// It was durable already.
    case duplicate
    /// It breaks a rule of the contract.
    case rejected(EventRejection)
}

/// Why an event is rejected.
struct EventRejection: Sendable, Hashable {
    /// The rule, stable, in snake case.
    var code: String
    /// The field at fault, in proto spelling; empty when it is the event as a whole.
    var field: String
    /// What is wrong.
    var message: String
    /// Whether the same event may be accepted later.
    var retryable: Bool

    init(code: String, field: String = "", message: String, retryable: Bool = false) {
        self.code = code
        self.field = field
        self.message = message
        self.retryable = retryable
    }
}

/// What became of all events of a request.
enum RecordOutcome: Sendable, Hashable {
    /// One result for each event of the request, in order, known after the durable commit.
    case results([EventResult])
    /// Nothing is recorded.
    case failed(EventsProblem)
}

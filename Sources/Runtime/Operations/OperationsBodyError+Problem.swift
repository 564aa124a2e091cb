extension OperationsBodyError {
    /// The HTTP status code of the answer.
    package var status: Int {
        switch self {
        case .tooLarge, .inflatesTooMuch: 413
        case .notDecodable, .interrupted: 400
        case .tooSlow: 408
        case .declined: 429
        }
    }

    /// What it is, stable, in snake case.
    package var code: String {
        switch self {
        case .tooLarge: "body_too_large"
        case .inflatesTooMuch: "inflates_too_much"
        case .notDecodable: "not_gzip"
        case .tooSlow: "too_slow"
        case .declined: "busy"
        case .interrupted: "body_incomplete"
        }
    }

    /// What is wrong and what to do.
    package var detail: String {
        switch self {
        case .tooLarge(let limit): "the body is larger than \(limit) bytes (decompressed); send smaller batches"
        case .inflatesTooMuch(let ratio):
            "the body becomes more than \(ratio) times its length when decompressed; send it uncompressed"
        case .notDecodable: "the body says it is gzip and can not be decompressed; send one whole gzip member"
        case .tooSlow(let seconds): "the body was not complete after \(seconds) seconds; send smaller batches"
        case .declined: "too many bytes of requests are being received; try again"
        case .interrupted: "the body ended before its end"
        }
    }

    /// How long the sender should wait, in seconds; nil where waiting does not help.
    package var retryAfterSeconds: Int? {
        self == .declined ? 1 : nil
    }
}

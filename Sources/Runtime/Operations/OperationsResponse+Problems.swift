internal import HTTPTypes

extension OperationsResponse {
    /// The phrase that HTTP has for a status; what `about:blank` problems have as their title.
    static func title(of status: Int) -> String {
        HTTPResponse.Status(code: status).reasonPhrase
    }

    /// The problem of a body that could not be read.
    package static func problem(_ error: OperationsBodyError) -> OperationsResponse {
        problem(
            status: error.status, code: error.code, detail: error.detail,
            headers: error.retryAfterSeconds.map { ["Retry-After": String($0)] } ?? [:])
    }
}

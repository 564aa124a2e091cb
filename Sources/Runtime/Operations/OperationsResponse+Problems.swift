extension OperationsResponse {
    /// The phrase that HTTP has for a status; what `about:blank` problems have as their title.
    static func title(of status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "HTTP status \(status)"
        }
    }

    /// The problem of a body that could not be read.
    package static func problem(_ error: OperationsBodyError) -> OperationsResponse {
        problem(
            status: error.status, code: error.code, detail: error.detail,
            headers: error.retryAfterSeconds.map { ["Retry-After": String($0)] } ?? [:])
    }
}

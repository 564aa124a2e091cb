/// The answer of a route.
package struct OperationsResponse: Sendable, Equatable {
    /// Content type of JSON answers.
    package static let json = "application/json"
    /// Content type of plain answers.
    package static let plain = "text/plain; charset=utf-8"
    /// Content type of problems, as in RFC 9457.
    package static let problem = "application/problem+json"

    /// The HTTP status code.
    package var status: Int
    /// The value of the Content-Type header.
    package var contentType: String
    /// The whole body.
    package var body: [UInt8]
    /// Further header fields, by name.
    package var headers: [String: String]

    package init(status: Int, contentType: String, body: [UInt8], headers: [String: String] = [:]) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    package init(status: Int, contentType: String, body: String, headers: [String: String] = [:]) {
        self.init(status: status, contentType: contentType, body: Array(body.utf8), headers: headers)
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// A problem as in RFC 9457: `{"type":"about:blank","title":…,"status":…,"detail":…,"code":…}`.
    ///
    /// - Parameters:
    ///   - code: what the problem is, stable, in snake case.
    ///   - detail: what is wrong and what to do.
    package static func problem(
        status: Int, code: String, detail: String, headers: [String: String] = [:]
    ) -> OperationsResponse {
        var body: [UInt8] = Array("{\"type\":\"about:blank\",\"title\":".utf8)
        JSONText.appendQuoted(title(of: status), to: &body)
        body += Array(",\"status\":\(status),\"detail\":".utf8)
        JSONText.appendQuoted(detail, to: &body)
        body += Array(",\"code\":".utf8)
        JSONText.appendQuoted(code, to: &body)
        body += Array("}\n".utf8)
        return OperationsResponse(status: status, contentType: problem, body: body, headers: headers)
    }
}

/// The answer of an operations endpoint.
package struct OperationsResponse: Sendable, Equatable {
    /// Content type of JSON answers.
    package static let json = "application/json"
    /// Content type of plain answers.
    package static let plain = "text/plain; charset=utf-8"

    /// The HTTP status code.
    package var status: Int
    /// The value of the Content-Type header.
    package var contentType: String
    /// The whole body.
    package var body: String

    package init(status: Int, contentType: String, body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A JSON answer `{"error":CODE,"message":TEXT}`.
    package static func error(status: Int, code: String, message: String) -> OperationsResponse {
        var body: [UInt8] = Array("{\"error\":".utf8)
        JSONText.appendQuoted(code, to: &body)
        body += Array(",\"message\":".utf8)
        JSONText.appendQuoted(message, to: &body)
        body += Array("}\n".utf8)
        return OperationsResponse(status: status, contentType: json, body: String(decoding: body, as: UTF8.self))
    }
}

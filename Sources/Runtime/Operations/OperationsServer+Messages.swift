internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// EADDRINUSE, here because Glibc and Hummingbird together make some names ambiguous.
let addressInUseNumber = EADDRINUSE

extension OperationsRequest {
    init(_ request: Request, peer: String?) {
        // The library keeps the Host header apart from the others.
        let host = request.head.authority.map { [(name: "host", value: $0)] } ?? []
        self.init(
            method: request.method.rawValue, path: request.uri.path, query: OperationsQuery(request.uri.query ?? ""),
            headers: OperationsHeaders(host + request.headers.map { ($0.name.rawName, $0.value) }), peer: peer,
            body: OperationsBody(
                request.body, declaredBytes: request.headers[.contentLength].flatMap { Int($0) }))
    }
}

extension Response {
    init(_ answer: OperationsResponse, includeBody: Bool) {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.contentLength] = String(answer.body.count)
        headers[.cacheControl] = "no-store"
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        self.init(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: includeBody ? ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)) : ResponseBody())
    }
}

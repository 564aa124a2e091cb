internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// EADDRINUSE, here because Glibc and Hummingbird together make some names ambiguous.
let addressInUseNumber = EADDRINUSE

extension OperationsRequest {
    init(_ request: Request) {
        self.init(
            method: request.method.rawValue, path: request.uri.path,
            headers: OperationsHeaders(request.headers.map { ($0.name.rawName, $0.value) }),
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

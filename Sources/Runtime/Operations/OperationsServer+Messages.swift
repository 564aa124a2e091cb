internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// EADDRINUSE, here because Glibc and Hummingbird together make some names ambiguous.
let addressInUseNumber = EADDRINUSE

extension OperationsRequest {
    init(_ request: Request) {
        self.init(
            method: request.method.rawValue, path: request.uri.path, authorization: request.headers[.authorization])
    }
}

extension Response {
    init(_ answer: OperationsResponse, includeBody: Bool) {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.cacheControl] = "no-store"
        if answer.status == 405 { headers[.allow] = "GET, HEAD" }
        self.init(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: includeBody ? ResponseBody(byteBuffer: ByteBuffer(string: answer.body)) : ResponseBody())
    }
}

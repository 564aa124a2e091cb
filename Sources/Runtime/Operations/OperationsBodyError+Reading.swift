internal import NIOHTTPCompression

extension OperationsBodyError {
    /// What an error in the connection's pipeline means to the reader of the body.
    init(reading error: any Error, limit: Int) {
        switch error {
        case let error as OperationsBodyError: self = error
        case NIOHTTPDecompression.DecompressionError.limit: self = .tooLarge(limit: limit)
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            self = .notDecodable
        default: self = .interrupted
        }
    }
}

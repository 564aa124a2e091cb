/// Why a request body could not be read.
package enum OperationsBodyError: Error, Sendable, Hashable {
    /// More bytes than the limit, declared or sent or decompressed.
    case tooLarge(limit: Int)
    /// A compressed body that becomes more than so many times its length.
    case inflatesTooMuch(ratio: Int)
    /// A body that is not gzip although it says so, or is cut or followed by something.
    case notDecodable
    /// Not complete when the time of the request was over.
    case tooSlow(seconds: Int64)
    /// The caller's own check said no.
    case declined
    /// The connection ended, or what came was no HTTP.
    case interrupted
}

internal import HummingbirdCore
internal import NIOCore

/// A request's body: read once, piece by piece, as fast as the reader asks for it.
package struct OperationsBody: Sendable {
    /// What the Content-Length says, if it is there: bytes as sent, so compressed ones of a compressed body.
    package let declaredBytes: Int?
    private let body: RequestBody

    init(_ body: RequestBody, declaredBytes: Int?) {
        self.body = body
        self.declaredBytes = declaredBytes
    }

    /// A body that is there already.
    package init(_ bytes: [UInt8]) {
        self.init(RequestBody(buffer: ByteBuffer(bytes: bytes)), declaredBytes: bytes.count)
    }

    /// Reads all of it.
    ///
    /// - Parameters:
    ///   - limit: most bytes that are taken.
    ///   - takes: asked before each piece is kept, with its bytes; false ends the reading with `.declined`.
    package func collect(
        upTo limit: Int, takes: (Int) -> Bool = { _ in true }
    ) async throws(OperationsBodyError) -> [UInt8] {
        if let declaredBytes, declaredBytes > limit { throw .tooLarge(limit: limit) }
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                guard piece.readableBytes <= limit - bytes.count else {
                    throw OperationsBodyError.tooLarge(limit: limit)
                }
                guard takes(piece.readableBytes) else { throw OperationsBodyError.declined }
                bytes.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            throw OperationsBodyError(reading: error, limit: limit)
        }
        return bytes
    }
}

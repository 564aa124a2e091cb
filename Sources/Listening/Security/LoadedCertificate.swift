internal import NIOSSL

/// What was made of the certificate files.
struct LoadedCertificate: Sendable {
    /// For new connections.
    var context: NIOSSLContext
    /// When the first certificate of the chain ends, in seconds since 1970.
    var notAfter: Int
}

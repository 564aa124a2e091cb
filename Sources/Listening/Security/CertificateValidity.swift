internal import NIOSSL
package import Runtime

/// From when and until when a certificate is valid.
package struct CertificateValidity: Sendable, Hashable {
    /// When it begins, in nanoseconds since 1970.
    package let from: Int64
    /// When it ends, in nanoseconds since 1970.
    package let until: Int64

    /// Reads the first certificate of a file in PEM form: the server's own.
    /// - Throws: `unreadable` when there is none.
    package init(file: String) throws(RuntimeFailure) {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw RuntimeFailure(code: .unreadable, message: "\(file) is no certificate in PEM form: \(error)")
        }
        guard let first = certificates.first else {
            throw RuntimeFailure(code: .unreadable, message: "\(file) holds no certificate in PEM form")
        }
        from = Self.nanoseconds(Int64(first.notValidBefore))
        until = Self.nanoseconds(Int64(first.notValidAfter))
    }

    private static func nanoseconds(_ seconds: Int64) -> Int64 {
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isBeyond ? .max : product
    }
}

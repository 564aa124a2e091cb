internal import Crypto

/// Stands for a licence key or a token wherever the secret itself must not be: caches, logs, metrics. SHA-256 of the text
/// as received, so that one key wrapped in two ways has two digests.
package struct SecretDigest: Sendable, Hashable, CustomStringConvertible {
    /// Hexadecimal digits of ``prefix``: enough to tell secrets apart, far too few to say anything about them.
    package static let prefixDigits = 12

    private let digest: SHA256.Digest

    /// The digest of a text.
    package init(of text: String) {
        var hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        digest = hash.finalize()
    }

    /// The digest of bytes.
    package init(of bytes: [UInt8]) {
        digest = SHA256.hash(data: bytes)
    }

    /// The digest of a secret.
    package init(of secret: Secret) {
        self.init(of: secret.value)
    }

    /// The first hexadecimal digits, for logs.
    package var prefix: String {
        let digits = Array("0123456789abcdef".utf8)
        let shown = digest.prefix(Self.prefixDigits / 2).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
        return String(decoding: shown, as: UTF8.self)
    }

    package var description: String { prefix }
}

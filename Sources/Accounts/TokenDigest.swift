internal import Crypto

/// Stands for a token wherever the token itself must not be: caches, logs. SHA-256 of the token's bytes.
package struct TokenDigest: Sendable, Hashable, CustomStringConvertible {
    /// Hexadecimal digits of `prefix`: enough to tell tokens apart, far too few to say anything about them.
    package static let prefixDigits = 12

    private let digest: SHA256.Digest

    init(of token: Secret) {
        var hash = SHA256()
        var text = token.value
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        digest = hash.finalize()
    }

    /// The first hexadecimal digits, for logs.
    package var prefix: String {
        let digits = Array("0123456789abcdef".utf8)
        let shown = digest.prefix(Self.prefixDigits / 2).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
        return String(decoding: shown, as: UTF8.self)
    }

    package var description: String { prefix }
}

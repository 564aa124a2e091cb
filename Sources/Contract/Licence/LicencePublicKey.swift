internal import Crypto
internal import CryptoExtras

/// One public key that licences may be signed with.
struct LicencePublicKey: Sendable {
    /// As `ssh-keygen -l` prints it.
    let fingerprint: String
    private let key: _RSA.Signing.PublicKey
    /// Of the modulus.
    private let byteCount: Int

    private typealias Problem = LicencePublicKeyError.Problem
    private static let typeName = "ssh-rsa"

    /// Reads a line `ssh-rsa AAAA… comment` without white space around it.
    init(line text: Substring, number: Int) throws(LicencePublicKeyError.Problem) {
        let words = text.split(maxSplits: 2, whereSeparator: \.isWhitespace)
        guard words.first.map(String.init) == Self.typeName else {
            throw Problem(
                code: .notRSA, line: number,
                message: "does not begin with \"ssh-rsa\"; licences are signed with RSA keys, in OpenSSH's public form")
        }
        guard words.count > 1 else {
            throw Problem(code: .notBase64, line: number, message: "has no key behind \"ssh-rsa\"; copy the whole line")
        }
        let bytes: [UInt8]
        do {
            bytes = try Base64.decode(Array(words[1].utf8), as: .standardPadded)
        } catch {
            throw Problem(
                code: .notBase64, line: number,
                message: "the key is not base64, at its character \(error.offset + 1); copy the whole line")
        }
        let exponent: [UInt8]
        let modulus: [UInt8]
        do {
            (exponent, modulus) = try Self.numbers(bytes)
        } catch {
            throw Problem(code: .malformed, line: number, message: error.message)
        }

        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= LicenceVerifier.minimumKeyBits else {
            throw Problem(
                code: .tooShort, line: number,
                message: "an RSA key of \(bits) bits; at least \(LicenceVerifier.minimumKeyBits) are needed")
        }
        do {
            key = try _RSA.Signing.PublicKey(n: modulus, e: exponent)
        } catch {
            throw Problem(
                code: .refused, line: number, message: "the numbers are not those of a usable RSA key (\(bits) bits)")
        }
        byteCount = modulus.count
        fingerprint = "SHA256:" + Base64.encodeUnpadded(SHA256.hash(data: bytes))
    }

    /// Whether this key's owner made the signature for `bytes`.
    func verifies(_ signature: LicenceSignature, of bytes: [UInt8]) -> Bool {
        guard signature.bytes.count <= byteCount else { return false }
        // SSH signers may leave leading zeros out; RSA wants them (RFC 4253, section 6.6).
        let missing = [UInt8](repeating: 0, count: byteCount - signature.bytes.count)
        let whole = _RSA.Signing.RSASignature(rawRepresentation: missing + signature.bytes)
        let padding = _RSA.Signing.Padding.insecurePKCS1v1_5
        return switch signature.format {
        case .sha1: key.isValidSignature(whole, for: Insecure.SHA1.hash(data: bytes), padding: padding)
        case .sha256: key.isValidSignature(whole, for: SHA256.hash(data: bytes), padding: padding)
        case .sha512: key.isValidSignature(whole, for: SHA512.hash(data: bytes), padding: padding)
        }
    }

    private static func numbers(_ bytes: [UInt8]) throws(SSHBytes.Fault) -> (exponent: [UInt8], modulus: [UInt8]) {
        var reader = SSHBytes(bytes)
        guard try reader.string().elementsEqual(typeName.utf8) else {
            throw SSHBytes.Fault(message: "says \"ssh-rsa\" but holds a key of another kind")
        }
        let exponent = try reader.positiveNumber()
        let modulus = try reader.positiveNumber()
        guard reader.isAtEnd else { throw SSHBytes.Fault(message: "has bytes behind the key; copy the line again") }
        return (exponent, modulus)
    }
}

extension LicencePublicKeyError.Problem: Error {}

/// A licence key taken apart, its signature not yet checked: see ``LicenceVerifier``.
package struct LicenceKey: Sendable, Hashable, CustomStringConvertible {
    /// The longest text that is looked at (bytes). Issued keys have about 850; white space counts.
    package static let maximumTextBytes = 16 * 1024

    let signature: LicenceSignature
    /// The exact bytes that were signed: JSON of the licence's information.
    package let signedBytes: [UInt8]
    /// The signature itself (big-endian).
    package var signatureBytes: [UInt8] { signature.bytes }

    /// Keys are secrets: nothing of one is ever printed.
    package var description: String { "licence key (not shown)" }

    /// Takes a key's text apart: all white space dropped, base64 in the URL alphabet, then JSON
    /// `{"sig": {"Format", "Blob", "Rest"}, "info"}` with names of any case. Members of other names are ignored.
    package init(text: String) throws(LicenceError) {
        guard text.utf8.count <= Self.maximumTextBytes else { throw .tooLong }
        let compact = Self.withoutWhiteSpace(text)
        guard !compact.isEmpty else { throw .empty }

        let json: [UInt8]
        do {
            json = try Base64.decode(compact, as: .urlUnpadded)
        } catch {
            throw .notBase64(offset: error.offset)
        }
        let root: JSONNode
        do {
            root = try JSONReader.read(json)
        } catch {
            throw .notJSON(offset: error.offset)
        }

        let envelope = try LicenceEnvelope(root)
        guard let parts = envelope.signature else { throw .signatureMissing }
        guard let format = LicenceSignature.Format(rawValue: parts.format) else {
            throw .signatureFormatUnsupported(parts.format)
        }
        signature = LicenceSignature(format: format, bytes: parts.blob)
        signedBytes = envelope.information
    }

    private static func withoutWhiteSpace(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if value < 0x80 {
                let isSpace = value == 0x20 || (value >= 0x09 && value <= 0x0d)
                if !isSpace { result.append(UInt8(truncatingIfNeeded: value)) }
            } else if !scalar.properties.isWhitespace {
                // A byte that base64 has not stands for the character: its place is where the error is.
                result.append(0xff)
            }
        }
        return result
    }
}

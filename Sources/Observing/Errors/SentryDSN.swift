package import Secrets
package import Transfer

/// Where error events go: `https://KEY@HOST[:PORT][/PATH]/PROJECT`, as Sentry and what is compatible with it give it out.
package struct SentryDSN: Sendable {
    /// Why a text is no DSN. Does not repeat the text, which has a key in it.
    package struct Problem: Error, Sendable, Hashable {
        /// What is wrong and what to do.
        package let message: String
    }

    /// Takes envelopes by POST.
    package let endpoint: PeerURL
    /// Who sends.
    package let key: Secret

    /// Reads a DSN. A secret key behind the public one, as old ones have it, is not needed and left out.
    package init(_ text: String) throws(Problem) {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            throw Problem(message: "is not https://KEY@HOST/PROJECT")
        }
        let rest = text.dropFirst(scheme.count)
        guard let at = rest.lastIndex(of: "@") else { throw Problem(message: "has no key: https://KEY@HOST/PROJECT") }
        let key = rest[..<at].prefix { $0 != ":" }
        guard !key.isEmpty, key.utf8.allSatisfy(Self.isKeyCharacter) else {
            throw Problem(message: "has no usable key: https://KEY@HOST/PROJECT, the key of letters and digits")
        }
        let parts = rest[rest.index(after: at)...].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, let project = parts.last, !project.isEmpty, project.utf8.allSatisfy(Self.isDigit) else {
            throw Problem(message: "has no project: https://KEY@HOST/PROJECT, the project a number")
        }
        let address = scheme + parts.dropLast().joined(separator: "/") + "/api/\(project)/envelope/"
        do throws(PeerURL.Problem) {
            endpoint = try PeerURL(address, allowInsecure: true, adviceOnPlaintext: "")
        } catch {
            throw Problem(message: error.message)
        }
        self.key = Secret(String(key))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isKeyCharacter(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}

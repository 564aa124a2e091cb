/// An address of another service, checked for what would send secrets or events astray: `https://HOST[:PORT][/PATH]`, or
/// `http://` where that is allowed.
package struct PeerURL: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not such an address. Does not repeat the text, which may hold a password.
    package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong and what to do.
        package let message: String

        package var description: String { message }
    }

    /// The address as it was given.
    package let text: String
    /// Host and port as they stand in the address.
    package let authority: String
    /// Whether the transfer is not encrypted.
    package let isPlaintext: Bool

    /// Whether the host is this one.
    package var isLoopback: Bool { Self.host(of: Substring(authority)).map(Self.isLoopback) ?? false }

    private init(trusted text: String, authority: String, isPlaintext: Bool) {
        self.text = text
        self.authority = authority
        self.isPlaintext = isPlaintext
    }

    /// - Parameters:
    ///   - allowInsecure: take `http://` for hosts other than this one.
    ///   - adviceOnPlaintext: completes the problem of an `http://` that is not allowed.
    package init(_ text: String, allowInsecure: Bool, adviceOnPlaintext: String) throws(Problem) {
        let schemes = [("https://", false), ("http://", true)]
        guard let (scheme, isPlaintext) = schemes.first(where: { text.hasPrefix($0.0) }) else {
            throw Problem(message: "is not an https:// URL")
        }
        let refused = Set("?#\\\"<>^`{|}".utf8)
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !refused.contains($0) }) else {
            throw Problem(message: "has characters that do not belong there: a host and a path are enough")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else {
            throw Problem(message: "has a user name or password in it: take it out, credentials have keys of their own")
        }
        guard let host = Self.host(of: authority) else {
            throw Problem(message: "has no usable host: https://HOST or https://HOST:PORT is needed")
        }
        guard !isPlaintext || allowInsecure || Self.isLoopback(host) else {
            throw Problem(message: adviceOnPlaintext)
        }
        self.init(trusted: text, authority: String(authority), isPlaintext: isPlaintext)
    }

    package var description: String { text }

    /// The address of something below; `path` begins with a slash.
    package func appending(_ path: String) -> PeerURL {
        PeerURL(trusted: withoutTrailingSlashes.text + path, authority: authority, isPlaintext: isPlaintext)
    }

    /// The same address without slashes at the end.
    package var withoutTrailingSlashes: PeerURL {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return PeerURL(trusted: text, authority: authority, isPlaintext: isPlaintext)
    }

    /// How a gRPC method there is called.
    package var securityForGRPC: HTTPTransferRequest.Security { isPlaintext ? .plaintextHTTP2 : .tls }

    /// How anything else there is called.
    package var security: HTTPTransferRequest.Security { isPlaintext ? .plaintextHTTP1 : .tls }

    private static func host(of authority: Substring) -> Substring? {
        let host: Substring
        let port: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            port = authority[authority.index(after: end)...]
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority.dropFirst(host.count)
        }
        guard !host.isEmpty, host != "[]" else { return nil }
        if port.isEmpty { return host }
        guard port.hasPrefix(":"), port.dropFirst().allSatisfy(\.isNumber),
            let number = UInt16(port.dropFirst()), number > 0
        else { return nil }
        return host
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

internal import Secrets

/// Reads the Authorization header as the service that this one replaces does.
enum BearerHeader {
    /// Longest token type that an error repeats, in bytes.
    private static let shownTypeBytes = 16

    /// The token: everything behind the first space, possibly nothing.
    ///
    /// - Parameter values: all values of the call's header.
    static func token(in values: [String]) throws(TokenProblem) -> Secret {
        guard values.count == 1, let header = values.first, !header.isEmpty else { throw .headerMissing }
        guard let space = header.utf8.firstIndex(of: UInt8(ascii: " ")) else { throw .typeMissing }
        let type = header[..<space]
        guard type.lowercased() == "bearer" else { throw .typeInvalid(shown(type)) }
        return Secret(String(header[header.utf8.index(after: space)...]))
    }

    /// Somebody may have put the token where the type belongs. What looks like the name of an authentication scheme is
    /// repeated, nothing else.
    private static func shown(_ type: Substring) -> String {
        let looksLikeName = type.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        }
        return looksLikeName && type.utf8.count <= shownTypeBytes ? String(type) : "(not shown)"
    }
}

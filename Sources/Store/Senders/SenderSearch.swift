/// Which senders are meant: all that is given must fit. The newest seen come first.
package struct SenderSearch: Sendable, Hashable {
    /// Digits of a licence's digest that are compared at least.
    package static let minimumDigestDigits = 4

    /// Somewhere in the instance id, the external URL or the service id, or at the beginning of a licence's digest;
    /// capital letters do not matter.
    package var text: String?
    /// This instance id or service id.
    package var client: String?
    /// This external URL; a slash at its end and capital letters do not matter.
    package var externalURL: String?
    /// The beginning of a licence's digest, or all of it.
    package var licenceDigest: String?
    /// At most so many …
    package var limit: Int
    /// … after so many.
    package var offset: Int

    /// Makes a search.
    package init(
        text: String? = nil, client: String? = nil, externalURL: String? = nil, licenceDigest: String? = nil,
        limit: Int = 100, offset: Int = 0
    ) {
        self.text = text
        self.client = client
        self.externalURL = externalURL
        self.licenceDigest = licenceDigest
        self.limit = limit
        self.offset = offset
    }

    /// The condition, and what its parameters are.
    var condition: (sql: String, values: [String]) {
        var terms: [String] = ["1"]
        var values: [String] = []
        func parameter(_ value: String) -> String {
            values.append(value)
            return "?\(values.count)"
        }
        if let text, !text.isEmpty {
            let folded = parameter(text.lowercased())
            terms.append(
                """
                (instr(lower(client), \(folded)) > 0 OR instr(lower(external_url), \(folded)) > 0
                OR instr(lower(source), \(folded)) > 0 OR instr(licence_digest, \(folded)) = 1
                OR instr(last_refusal_licence, \(folded)) = 1)
                """)
        }
        if let client { terms.append("client = \(parameter(client.cut(toBytes: SenderKey.maximumNameBytes)))") }
        if let externalURL {
            terms.append("rtrim(lower(external_url), '/') = rtrim(lower(\(parameter(externalURL))), '/')")
        }
        if let licenceDigest {
            // Only the beginning is stored; whoever has all of it may give all of it.
            let digest = parameter(licenceDigest.lowercased())
            terms.append(
                """
                ((licence_digest <> '' AND (instr(\(digest), licence_digest) = 1 OR instr(licence_digest, \(digest)) = 1))
                OR (last_refusal_licence <> ''
                    AND (instr(\(digest), last_refusal_licence) = 1 OR instr(last_refusal_licence, \(digest)) = 1)))
                """)
        }
        return (terms.joined(separator: " AND "), values)
    }
}

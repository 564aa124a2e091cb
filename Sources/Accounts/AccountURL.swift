package import Transfer

/// An address of the account service.
package typealias AccountURL = PeerURL

extension PeerURL {
    /// - Parameter allowInsecure: take `http://` for hosts other than this one.
    package init(_ text: String, allowInsecure: Bool) throws(Problem) {
        let url = try PeerURL(
            text, allowInsecure: allowInsecure,
            adviceOnPlaintext:
                "sends tokens unencrypted: use https://, or set \(AccountsConfiguration.insecureKey)=true on "
                + "a network that nobody listens to")
        self = url.withoutTrailingSlashes
    }
}

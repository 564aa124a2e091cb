internal import FoundationEssentials
package import Secrets

/// Who the gateway is to the account service.
package struct ClientCredentials: Sendable {
    /// Public.
    package let id: String
    /// Not.
    package let secret: Secret

    /// Makes credentials; both are not empty.
    package init(id: String, secret: Secret) {
        self.id = id
        self.secret = secret
    }

    /// The Authorization header of RFC 6749, section 2.3.1: both parts are form-encoded first.
    var basicAuthorization: String {
        let text = "\(FormEncoding.encode(id)):\(FormEncoding.encode(secret.value))"
        return "Basic \(Data(text.utf8).base64EncodedString())"
    }
}

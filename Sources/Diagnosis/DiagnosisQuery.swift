/// Of whom or what it is asked.
package enum DiagnosisQuery: Sendable, Hashable {
    /// A sender by its instance id or service id.
    case client(String)
    /// Senders by their external URL.
    case url(String)
    /// Senders by the beginning of their licence's digest.
    case licenceDigest(String)
    /// An event by its id.
    case event(String)

    /// Digits of a digest that are needed: fewer would find strangers.
    package static let minimumDigestDigits = 6

    /// The names of the parameters, as in a URL's query and in the JSON.
    package static let parameterNames = ["client", "url", "license-digest", "event"]

    /// Reads the parameters of a URL's query, already decoded; nil unless exactly one of them asks for something. Parameters
    /// of other names do not matter.
    package init?(parameters: [(name: String, value: String)]) {
        let asked = parameters.filter { Self.parameterNames.contains($0.name) }
        guard asked.count == 1, !asked[0].value.isEmpty else { return nil }
        switch asked[0].name {
        case "client": self = .client(asked[0].value)
        case "url": self = .url(asked[0].value)
        case "license-digest":
            guard Self.isDigest(asked[0].value) else { return nil }
            self = .licenceDigest(asked[0].value)
        default: self = .event(asked[0].value)
        }
    }

    /// Whether a text is a digest, or enough of one.
    package static func isDigest(_ text: String) -> Bool {
        text.utf8.count >= minimumDigestDigits && text.allSatisfy { $0.isHexDigit && $0.isASCII }
    }

    /// The parameter's name and value.
    package var parameter: (name: String, value: String) {
        switch self {
        case .client(let client): ("client", client)
        case .url(let url): ("url", url)
        case .licenceDigest(let digest): ("license-digest", digest)
        case .event(let id): ("event", id)
        }
    }

    /// For people.
    package var text: String {
        switch self {
        case .client(let client): "client \(client)"
        case .url(let url): "senders with the external URL \(url)"
        case .licenceDigest(let digest): "senders with the licence \(digest)"
        case .event(let id): "event \(id)"
        }
    }
}

/// What the service is, and whose.
package struct ServiceSpec: Sendable, Equatable {
    /// The kinds of service; there is one that this project can be.
    package enum Kind: String, Sendable, CaseIterable {
        case service
    }

    /// The protocols of its port; gRPC without TLS needs this one.
    package enum PortProtocol: String, Sendable, CaseIterable {
        case h2c
    }

    static let keys = ["id", "name", "owners", "description", "kind", "protocol"]

    /// Names everything that is deployed.
    package var id: String
    /// The same for people.
    package var name: String
    /// The teams that answer for it.
    package var owners: [String]
    /// One sentence.
    package var description: String
    package var kind: Kind
    package var portProtocol: PortProtocol

    init(_ section: SpecSection) {
        id = section.text("id", .name(maximum: 20))
        name = section.text("name", default: id)
        owners = section.texts("owners", required: true)
        description = section.text("description")
        kind = section.choice("kind", default: .service)
        portProtocol = section.choice("protocol", default: .h2c)
    }
}

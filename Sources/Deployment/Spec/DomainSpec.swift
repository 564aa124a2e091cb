/// The name under which an environment is reachable from outside.
package struct DomainSpec: Sendable, Equatable {
    /// Who serves the name.
    enum Kind: String, CaseIterable {
        case none, cloudflare
    }

    static let keys = ["type", "cloudflare"]

    /// All of the name.
    package var name: String
    /// Whether Cloudflare's proxy stands in front.
    package var proxied: Bool

    /// nil without a domain.
    init?(_ section: SpecSection) {
        let kind = section.choice("type", default: Kind.none)
        let cloudflare = section.section("cloudflare", keys: ["subdomain", "zone", "proxied"])
        guard kind == .cloudflare else {
            if section.has("cloudflare") { section.problem("cloudflare", "has no meaning unless type is cloudflare") }
            return nil
        }
        name = "\(cloudflare.text("subdomain", .domain)).\(cloudflare.text("zone", .domain))"
        proxied = cloudflare.boolean("proxied", default: true)
    }
}

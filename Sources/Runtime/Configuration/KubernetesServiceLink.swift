/// The environment variables that Kubernetes adds to every container for each service of the namespace.
///
/// A service called `gateway-ingest` makes `GATEWAY_INGEST_SERVICE_HOST` and a dozen more: these are nobody's typing errors.
package enum KubernetesServiceLink {
    private static let transports: Set<Substring> = ["TCP", "UDP", "SCTP"]

    /// Whether Kubernetes put an address where one of our keys, whose name ends in `_PORT`, expects a number.
    package static func hides(name: String, value: String) -> Bool {
        name.hasSuffix("_PORT") && ["tcp://", "udp://", "sctp://"].contains(where: value.hasPrefix)
    }

    /// Whether Kubernetes made this variable.
    package static func matches(name: String, value: String) -> Bool {
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") { return true }
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        if let service = parts.lastIndex(of: "SERVICE"), parts.dropFirst(service + 1).first == "PORT" { return true }
        if hides(name: name, value: value) { return true }
        // NAME_PORT_443_TCP, NAME_PORT_443_TCP_ADDR, …_PORT, …_PROTO
        return parts.indices.contains { index in
            guard index > 0, index + 2 < parts.count, parts[index] == "PORT" else { return false }
            return Int(parts[index + 1]) != nil && transports.contains(parts[index + 2])
        }
    }
}

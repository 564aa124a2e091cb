internal import ArgumentParser
internal import Glibc

/// A server as people write it: `HOST:PORT`, `HOST` or `[IPV6]:PORT`.
package struct ServerAddress: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
    /// How a host is looked up.
    package enum Kind: Sendable, Hashable {
        /// A dotted IPv4 address.
        case ipv4
        /// An IPv6 address, without brackets.
        case ipv6
        /// A name for the resolver.
        case name
    }

    /// Where ingest listens unless told otherwise.
    package static let defaultPort = 10085
    /// The environment variable that ingest takes its port from.
    package static let portVariable = "PORT"

    /// A name or an address, without brackets.
    package let host: String
    /// The TCP port, 1 to 65535.
    package let port: Int

    /// Makes an address from its parts.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil for a text that is no address.
    package init?(argument: String) {
        var host = argument[...]
        var port: Substring?
        if argument.hasPrefix("[") {
            guard let end = argument.firstIndex(of: "]") else { return nil }
            host = argument[argument.index(after: argument.startIndex)..<end]
            let rest = argument[argument.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = argument.lastIndex(of: ":"), argument.firstIndex(of: ":") == colon {
            host = argument[..<colon]
            port = argument[argument.index(after: colon)...]
        }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" }) else { return nil }
        guard let number = port.map({ Int($0) }) ?? Self.defaultPort, 1...65535 ~= number else { return nil }
        self.init(host: String(host), port: number)
    }

    /// The ingest of this machine, at the port that its environment variable names.
    package static func standard(environment: [String: String]) -> ServerAddress {
        let port = environment[portVariable].flatMap { Int($0) }.flatMap { 1...65535 ~= $0 ? $0 : nil }
        return ServerAddress(host: "127.0.0.1", port: port ?? defaultPort)
    }

    /// How the host is to be looked up.
    package var kind: Kind {
        var address = in6_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return .ipv4 }
        return inet_pton(AF_INET6, host, &address) == 1 ? .ipv6 : .name
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

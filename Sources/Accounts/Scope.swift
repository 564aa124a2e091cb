/// What a token may allow: `service::permission::action`.
package struct Scope: Sendable, Hashable, CustomStringConvertible {
    /// What may be done.
    package enum Action: String, Sendable {
        /// Look.
        case read
        /// Make or change.
        case write
        /// Take away.
        case delete
    }

    /// Longest scope, in bytes.
    package static let maximumBytes = 255
    /// Longest service name, in bytes.
    package static let maximumServiceBytes = 30
    /// Longest permission, in bytes.
    package static let maximumPermissionBytes = 215

    /// What managed services need to send events.
    package static let writeEvents = Scope(service: "telemetry_gateway", permission: "events", action: .write)

    /// Scopes with a second, shorter name.
    private static let aliases = ["profile": Scope(service: "sams", permission: "user.profile", action: .read)]

    /// Whose permission it is.
    package let service: String
    /// Dotted, from the general to the special.
    package let permission: String
    /// What may be done.
    package let action: Action

    private init(service: String, permission: String, action: Action) {
        self.service = service
        self.permission = permission
        self.action = action
    }

    /// Nil for a text that is neither a scope nor the alias of one.
    package init?(_ text: String) {
        if let alias = Self.aliases[text] {
            self = alias
            return
        }
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        // A service name has no colon, so the first pair ends it; the rest has to have exactly one more.
        let parts = Self.parts(of: text)
        guard parts.count == 3, let action = Action(rawValue: String(parts[2])) else { return nil }
        guard Self.isName(parts[0], maximumBytes: Self.maximumServiceBytes, dots: false),
            Self.isName(parts[1], maximumBytes: Self.maximumPermissionBytes, dots: true)
        else { return nil }
        self.init(service: String(parts[0]), permission: String(parts[1]), action: action)
    }

    /// Whether who has this scope also has `other`: same service and action, and the same permission or one below it.
    package func grants(_ other: Scope) -> Bool {
        guard service == other.service, action == other.action else { return false }
        return permission == other.permission || other.permission.hasPrefix(permission + ".")
    }

    package var description: String { "\(service)::\(permission)::\(action.rawValue)" }

    private static func parts(of text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            if text[index...].hasPrefix("::") {
                parts.append(text[start..<index])
                index = text.index(index, offsetBy: 2)
                start = index
            } else {
                index = text.index(after: index)
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func isName(_ text: Substring, maximumBytes: Int, dots: Bool) -> Bool {
        guard !text.isEmpty, text.utf8.count <= maximumBytes else { return false }
        return text.utf8.allSatisfy { byte in
            (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
                || (dots && byte == UInt8(ascii: "."))
        }
    }
}

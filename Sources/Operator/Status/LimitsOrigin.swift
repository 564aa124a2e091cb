/// Where the limits of a status come from.
package enum LimitsOrigin: String, Sendable, Hashable {
    /// The running forwarder's configuration.
    case forwarder
    /// The configuration of the last forwarder that ran.
    case lastForwarder = "last_forwarder"
    /// The environment of gatewayctl.
    case environment
    /// Nothing names any: the free space of the file system.
    case fileSystem = "file_system"

    /// For people, after the room that is left.
    var text: String {
        switch self {
        case .forwarder: "quota and reserve of the forwarder"
        case .lastForwarder: "quota and reserve of the last forwarder"
        case .environment: "quota and reserve of this environment"
        case .fileSystem: "free on the file system; no quota is known"
        }
    }
}

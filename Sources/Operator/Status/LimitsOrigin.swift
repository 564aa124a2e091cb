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
        case .forwarder: "limits of the forwarder"
        case .lastForwarder: "limits of the last forwarder"
        case .environment: "limits of this environment"
        case .fileSystem: "free on the disk, no quota known"
        }
    }
}

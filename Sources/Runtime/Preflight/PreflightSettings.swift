/// What of a process's configuration is compared with the machine that it runs on.
package struct PreflightSettings: Sendable {
    /// A file that a key names.
    package struct File: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The file.
        package var path: String
        /// Whether others must not read it.
        package var isSecret: Bool

        /// Makes a file from its parts.
        package init(key: String, path: String, isSecret: Bool) {
            self.key = key
            self.path = path
            self.isSecret = isSecret
        }
    }

    /// Quota and reserve.
    package var space: SpoolSpaceSettings
    /// Whether the spool may lie on a network file system.
    package var allowsNetworkFileSystem: Bool
    /// Connections that may be open at once; nil for a process without such a limit.
    package var connections: Int?
    /// What all buffers may hold at once, in bytes.
    package var bufferBytes: UInt64
    /// The files that are named.
    package var files: [File]

    /// Makes settings from their parts.
    package init(
        space: SpoolSpaceSettings, allowsNetworkFileSystem: Bool, connections: Int? = nil, bufferBytes: UInt64,
        files: [File] = []
    ) {
        self.space = space
        self.allowsNetworkFileSystem = allowsNetworkFileSystem
        self.connections = connections
        self.bufferBytes = bufferBytes
        self.files = files
    }

    /// Declares and reads whether the spool may lie on a network file system.
    package static func readAllowsNetwork(_ reader: inout ConfigurationReader) -> Bool {
        reader.boolean(
            StoragePreflight.allowNetworkKey, default: false,
            meaning: "Start though the spool lies on a network file system or on one that a program serves (NFS, SMB, "
                + "FUSE, 9p …), where an acknowledged event may be lost.")
    }
}

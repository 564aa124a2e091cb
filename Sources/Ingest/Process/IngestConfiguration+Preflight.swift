internal import Listening
package import Runtime

extension IngestConfiguration {
    /// What is compared with the machine.
    package var preflight: PreflightSettings {
        var files: [PreflightSettings.File] = []
        if let licenceKeysFile {
            files.append(PreflightSettings.File(key: Self.licenceKeysKey, path: licenceKeysFile, isSecret: false))
        }
        if let security {
            files.append(
                PreflightSettings.File(key: Self.certificateKey, path: security.certificateFile, isSecret: false))
            files.append(PreflightSettings.File(key: Self.privateKeyKey, path: security.privateKeyFile, isSecret: true))
            if let authorities = security.clientAuthoritiesFile {
                files.append(PreflightSettings.File(key: Self.authoritiesKey, path: authorities, isSecret: false))
            }
        }
        let buffers = limits.bytesInFlight + eventsLimits.bodyBytesInFlight + duplicateWindow.bytes
        return PreflightSettings(
            space: space.spool, allowsNetworkFileSystem: allowsNetworkFileSystem,
            connections: listenerLimits.connections, bufferBytes: UInt64(max(0, buffers)), files: files)
    }
}

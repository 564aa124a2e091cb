package import Runtime

extension DestinationConfigurationError: ExitCodeConvertible {
    package var exitCode: ExitCode { code == .locked ? .unavailable : .configuration }
}

package import Store

extension StoreError: ExitCodeConvertible {
    package var exitCode: ExitCode {
        switch code {
        case .locked: .unavailable
        case .unwritable, .missingParent: .cannotCreate
        case .newerVersion: .configuration
        case .misuse, .closed: .software
        default: .ioError
        }
    }
}

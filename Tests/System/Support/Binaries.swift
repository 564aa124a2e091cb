internal import Foundation

/// The executables under test: those of `GATEWAY_BINARIES`, else the debug build beside the test bundle.
enum Binaries {
    static let ingest = path("telemetry-ingest")
    static let forwarder = path("telemetry-forwarder")
    static let control = path("gatewayctl")

    private static func path(_ name: String) -> String { directory + "/" + name }

    private static let directory: String = {
        if let named = ProcessInfo.processInfo.environment["GATEWAY_BINARIES"] { return named }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return package.appending(path: ".build/debug").path
    }()
}

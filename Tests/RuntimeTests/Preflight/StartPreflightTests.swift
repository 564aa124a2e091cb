import Logging
import Store
import Testing

@testable import Runtime

@Suite struct StartPreflightTests {
    private func preflight(_ number: UInt64?, allows: Bool = false) -> StartPreflight {
        var reader = ConfigurationReader(
            environment: allows ? ["GATEWAY_SPOOL_ALLOW_NETWORK_FILESYSTEM": "true"] : [:])
        let settings = PreflightSettings(
            space: SpoolSpaceSettings(&reader), allowsNetworkFileSystem: PreflightSettings.readAllowsNetwork(&reader),
            bufferBytes: 0)
        return StartPreflight(
            process: "ingest", layout: SpoolLayout(root: "/srv/spool"), settings: settings,
            fileSystem: { _ in number.map(FileSystemKind.init(number:)) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func aNetworkFileSystemIsRefusedWithCode78() throws {
        do throws(ConfigurationError) {
            try preflight(0x6969).requireDurability()
            Issue.record("nfs was taken")
        } catch {
            #expect(error.exitCode.rawValue == 78)
            let text = "\(error)"
            for part in ["/srv/spool", "nfs", "GATEWAY_SPOOL_ALLOW_NETWORK_FILESYSTEM=true"] {
                #expect(text.contains(part), "\(text)")
            }
        }
    }

    @Test func everythingElseStarts() throws {
        try preflight(0x6969, allows: true).requireDurability()
        for number: UInt64 in [0xEF53, 0x0102_1994, 0x794C_7630, 0xABCD] { try preflight(number).requireDurability() }
        try preflight(nil).requireDurability()
    }

    @Test func findsTheNearestDirectoryThatIsThere() {
        #expect(StartPreflight.existing("/proc/self/none/at/all") == "/proc/self")
        #expect(StartPreflight.existing("/none/at/all") == "/")
        #expect(StartPreflight.existing("none/at/all") == ".")
        #expect(StartPreflight.existing("/proc") == "/proc")
    }
}

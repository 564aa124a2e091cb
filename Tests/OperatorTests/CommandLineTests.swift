internal import ArgumentParser
internal import Operator
internal import Store
internal import Testing

@Suite struct CommandLineTests {
    @Test(arguments: [
        ["generate"], ["generate", "dev", "--all"], ["generate", "dev", "prod"],
        ["frob"], ["send", "--rate", "0"], ["send", "--rate", "nan"], ["send", "--batch-events", "0"],
        ["send", "--batch-bytes", "1GiB"], ["send", "--batch-bytes", "many"], ["send", "--to", "host:0"],
        ["send", "--to", "host:99999"], ["send", "--to", ""], ["send", "--service", "s", "--client", "c"],
        ["send", "--client", ""], ["send", "-", "-"], ["peek", "-n", "0"], ["peek", "-n", "x"], ["status", "extra"],
        ["status", "--watch", "--interval", "1ms"], ["status", "--interval", "soon"], ["dead-letters", "show"],
        ["dead-letters", "show", "x1"], ["dead-letters", "list", "--limit", "0"],
        ["dead-letters", "list", "--state", "lost"], ["dead-letters", "list", "--from", "yesterday"],
        ["dead-letters", "purge"], ["dead-letters", "purge", "--all", "--id", "1"],
        ["dead-letters", "purge", "--state", "replaying", "--yes"],
        ["dead-letters", "replay", "--edit", ".nope = 1"], ["dead-letters", "replay", "--rate", "0"],
        ["dead-letters", "replay", "--state", "delivered"], ["replay"], ["replay", "--from", "1h", "--to", "2h"],
        ["drain", "--then-stop"], ["pause", "extra"], ["audit", "extra"],
        ["upgrade-check", "a", "b"], ["upgrade-check", "a", "--spool", "b"],
        ["replay", "start"], ["replay", "cancel"], ["replay", "cancel", "x"], ["replay", "list", "extra"],
        ["dead-letters", "cancel", "--state", "waiting"], ["drain", "--timeout", "5s"],
        ["drain", "--wait", "--timeout", "soon"],
        ["diagnose"],
        ["diagnose", "--client", "a", "--event", "b"], ["diagnose", "--client", ""],
        ["diagnose", "--license-digest", "ab"],
        ["diagnose", "--client", "a", "--all"],
    ])
    func wrongCommandLinesEndWith64(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try GatewayControl.parseAsRoot(arguments) }
        if let error { #expect(GatewayControl.exitCode(for: error) == ExitCode(64)) }
    }

    @Test(arguments: [
        ["generate", "--help"],
        ["--help"], ["--version"], ["send", "--help"], ["status", "--help"], ["peek", "--help"],
        ["dead-letters", "--help"], ["dead-letters", "replay", "--help"], ["replay", "--help"], ["audit", "--help"],
        ["diagnose", "--help"], ["pause", "--help"], ["resume", "--help"], ["drain", "--help"],
        ["upgrade-check", "--help"],
        ["replay", "list", "--help"], ["replay", "cancel", "--help"], ["dead-letters", "cancel", "--help"],
    ])
    func askingForHelpIsNoError(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) {
            var command = try GatewayControl.parseAsRoot(arguments)
            try command.run()
        }
        if let error { #expect(GatewayControl.exitCode(for: error) == .success) }
    }

    @Test func helpNamesEveryExitCode() {
        let help = GatewayControl.helpMessage(columns: 80)
        for code in ["0", "1", "2", "64", "69", "70", "73", "74", "78"] { #expect(help.contains("\n  \(code) ")) }
    }

    @Test func replayWithoutASubcommandOrders() throws {
        for words in [["replay", "--from", "2h"], ["replay", "start", "--from", "2h"]] {
            let command = try #require(try GatewayControl.parseAsRoot(words) as? ReplayStartCommand)
            #expect(!command.dryRun)
        }
        let cancel = try #require(try GatewayControl.parseAsRoot(["replay", "cancel", "3"]) as? ReplayCancelCommand)
        #expect(cancel.order == 3)
    }

    @Test func standardInputAndFilesCanBeMixed() throws {
        let command = try #require(try GatewayControl.parseAsRoot(["send", "a", "-", "b"]) as? SendCommand)
        #expect(command.files == ["a", "-", "b"])
    }

    @Test(arguments: [
        ("gateway.example:80", "gateway.example", 80), ("gateway.example", "gateway.example", 10085),
        ("[::1]:443", "::1", 443), ("[::1]", "::1", 10085), ("::1", "::1", 10085), ("10.0.0.1:1", "10.0.0.1", 1),
    ])
    func addressesAreRead(_ text: String, _ host: String, _ port: Int) {
        #expect(ServerAddress(argument: text) == ServerAddress(host: host, port: port))
    }

    @Test(arguments: ["", ":80", "host:", "host:x", "http://host:80", "[::1", "[::1]x", "a b:1"])
    func textsThatAreNoAddressAreRefused(_ text: String) {
        #expect(ServerAddress(argument: text) == nil)
    }

    @Test func addressKindsAreKnown() {
        #expect(ServerAddress(host: "127.0.0.1", port: 1).kind == .ipv4)
        #expect(ServerAddress(host: "::1", port: 1).kind == .ipv6)
        #expect(ServerAddress(host: "localhost", port: 1).kind == .name)
        #expect(ServerAddress(host: "::1", port: 1).description == "[::1]:1")
    }

    @Test func theEnvironmentNamesPortAndSpool() throws {
        #expect(ServerAddress.standard(environment: ["PORT": "7"]).port == 7)
        #expect(ServerAddress.standard(environment: ["PORT": "0"]).port == ServerAddress.defaultPort)
        let unnamed = try #require(try GatewayControl.parseAsRoot(["status"]) as? StatusCommand)
        #expect(unnamed.spool.layout(environment: [:]).root == "var/spool")
        #expect(unnamed.spool.layout(environment: ["GATEWAY_SPOOL_DIRECTORY": "/s"]).root == "/s")
        let named = try #require(try GatewayControl.parseAsRoot(["status", "--spool", "/t"]) as? StatusCommand)
        #expect(named.spool.layout(environment: ["GATEWAY_SPOOL_DIRECTORY": "/s"]).root == "/t")
    }
}

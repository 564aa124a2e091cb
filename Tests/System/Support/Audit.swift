internal import Store

/// `gatewayctl audit`: whether everything that was accepted is accounted for.
enum Audit: String {
    case balanced
    case unbalanced
    /// This gatewayctl has no such command.
    case none = "-"

    static func run(in workspace: Workspace) async throws -> Audit {
        // Of a command that it does not know, gatewayctl shows its own help.
        let help = try control(["audit", "--help"], in: workspace)
        guard try await help.wholeOutput().contains("gatewayctl audit") else { return .none }
        let end = try await control(["audit", "--spool", workspace.layout.root], in: workspace).exit()
        return end == .code(0) ? .balanced : .unbalanced
    }

    private static func control(_ arguments: [String], in workspace: Workspace) throws -> ManagedProcess {
        try workspace.start("gatewayctl", Binaries.control, arguments, [:])
    }
}

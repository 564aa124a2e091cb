internal import Store

/// `gatewayctl audit`: whether everything that was accepted is accounted for.
enum Audit: String {
    case balanced
    case unbalanced
    /// This gatewayctl has no such command.
    case none = "-"

    static func run(in workspace: Workspace) async throws -> Audit {
        guard try await control(["audit", "--help"], in: workspace) == .code(0) else { return .none }
        let end = try await control(["audit", "--spool", workspace.layout.root], in: workspace)
        return end == .code(0) ? .balanced : .unbalanced
    }

    private static func control(_ arguments: [String], in workspace: Workspace) async throws -> ManagedProcess.Exit {
        try await workspace.start("gatewayctl", Binaries.control, arguments, [:]).exit()
    }
}

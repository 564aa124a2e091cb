internal import Foundation
internal import Testing

extension Workspace {
    /// What `gatewayctl diagnose` says of one sender or event.
    struct DiagnoseRun: Sendable, Equatable {
        let exit: ManagedProcess.Exit
        /// Every verdict that is not `ok`, by the check's name; of the first diagnosis.
        let verdicts: [String: String]
        let json: JSONValue

        /// The first diagnosis.
        var diagnosis: JSONValue? { json["diagnoses"]?.elements?.first }

        /// The text of a check.
        func text(_ check: String) -> String {
            diagnosis?["checks"]?.elements?.first { $0["id"]?.text == check }?["text"]?.text ?? ""
        }

        /// What became of an event at its one destination.
        var destination: JSONValue? { diagnosis?["event"]?["destinations"]?.elements?.first }
    }

    func diagnose(_ arguments: [String]) async throws -> DiagnoseRun {
        let run = try await control(["diagnose", "--json"] + arguments)
        let json = try run.json()
        var verdicts: [String: String] = [:]
        for check in json["diagnoses"]?.elements?.first?["checks"]?.elements ?? [] {
            guard let id = check["id"]?.text, let verdict = check["verdict"]?.text, verdict != "ok" else { continue }
            verdicts[id] = verdict
        }
        return DiagnoseRun(exit: run.exit, verdicts: verdicts, json: json)
    }

    /// Waits until `gatewayctl diagnose` comes to these verdicts; all others are `ok`.
    /// - Parameter fits: what else must hold.
    @discardableResult
    func expectDiagnosis(
        _ arguments: [String], exit: Int32, _ expected: [String: String],
        _ fits: (DiagnoseRun) -> Bool = { _ in true }, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DiagnoseRun {
        var last: DiagnoseRun?
        do {
            try await eventually("\(arguments) is diagnosed as \(expected)", within: .seconds(90)) {
                let run = try await diagnose(arguments)
                last = run
                return run.verdicts == expected && run.exit == .code(exit) && fits(run)
            }
        } catch {
            Issue.record("\(error); the last: \(String(describing: last))", sourceLocation: sourceLocation)
        }
        return try #require(last, sourceLocation: sourceLocation)
    }
}

import Contract
import Operator
import Runtime
import Testing

@Suite struct ReloadReportTests {
    private static let at: Int64 = 1_700_000_000_000_000_000

    private func report(_ result: ReloadReport.Result, isDryRun: Bool = false) -> ReloadReport {
        ReloadReport(
            process: "telemetry-ingest", at: Self.at, result: result, isDryRun: isDryRun,
            file: "/etc/gateway \"x\".env",
            changes: [
                ConfigurationChange(name: "GATEWAY_LOG_LEVEL", old: "info", new: "debug", effect: .applied),
                ConfigurationChange(name: "PORT", old: "1", new: "2", effect: .needsRestart),
                ConfigurationChange(name: "GATEWAY_CLIENT_SHARE", old: "1", new: "2", effect: .outranked),
            ], problems: ["one\nproblem"])
    }

    @Test func survivesTheSocket() throws {
        for result in ReloadReport.Result.allCases {
            let report = report(result, isDryRun: result == .refused)
            #expect(ReloadReport(try JSONValue.read(Array(report.json.utf8))) == report)
        }
        let empty = ReloadReport(process: "p", at: Self.at, result: .unchanged)
        #expect(ReloadReport(try JSONValue.read(Array(empty.json.utf8))) == empty)
        #expect(ReloadReport(.object([])) == nil)
    }

    @Test func isWrittenForPeople() {
        let text = ReloadText(style: TextStyle(isColoured: false))
        let applied = text.whole(report(.applied))
        #expect(applied.contains("telemetry-ingest: reloaded (/etc/gateway \"x\".env)\n"), "\(applied)")
        #expect(applied.contains("  GATEWAY_LOG_LEVEL     info → debug\n"), "\(applied)")
        #expect(applied.contains("  PORT                  1 → 2  needs a restart\n"), "\(applied)")
        #expect(applied.contains("the environment outranks the file"), "\(applied)")
        #expect(!applied.contains("one\nproblem"), "nothing of a message moves the cursor")
        #expect(text.whole(report(.applied, isDryRun: true)).contains("would change"))
        #expect(text.whole(report(.refused)).contains("the old configuration stays in force"))
        let minute = Self.at + 60_000_000_000
        #expect(text.summary(report(.applied), now: minute).contains("1 of them after a restart"))
        #expect(text.summary(report(.refused), now: minute).contains("refused"))
    }

    @Test func theDoctorWritesWhatToDo() {
        let report = DoctorReport(
            spool: "/spool",
            checks: [
                PreflightCheck("clock", .ok, "it is late"),
                PreflightCheck("destination", .problem, "is away", advice: "look for it"),
                PreflightCheck("sqlite", .warning, "is old", advice: "renew it"),
            ])
        #expect(
            report.text(style: TextStyle(isColoured: false)) == """
                ok           clock        it is late
                problem      destination  is away
                                          → look for it
                warning      sqlite       is old
                                          → renew it
                1 problem, 1 warning

                """)
        #expect(report.hasProblems)
        #expect(report.json["ok"] == .bool(false))
        #expect(report.json["checks"]?.elements?.first?["verdict"] == .string("ok"))
    }
}

internal import Contract
internal import Foundation
internal import Operator
internal import Store
internal import Testing

@Suite struct AuditReportTests {
    private static func row(accepted: Int64, client: String? = nil) -> SpoolAudit.Row {
        var row = SpoolAudit.Row(
            destination: "file:///a", isActive: true, client: client, source: client.map { _ in "x" })
        row.accepted = accepted
        row.pending = 3
        row.outcomes.delivered = 1000
        row.outcomes.dead = 2
        return row
    }

    private static func report(
        _ rows: [SpoolAudit.Row], clients: [SpoolAudit.Row]? = nil, differences: [String] = [], notes: [String] = []
    ) -> AuditReport {
        var audit = SpoolAudit()
        audit.destinations = rows
        audit.clients = clients ?? []
        audit.differences = differences
        audit.notes = notes
        return AuditReport(spool: "s", at: 1_800_000_000_000_000_000, audit: audit, perClient: clients != nil)
    }

    @Test func aBalancedSpoolSaysSo() {
        let report = Self.report([Self.row(accepted: 1005)], notes: ["by the way"])
        #expect(report.isBalanced)
        #expect(
            report.text(style: .plain) == """
                ACCEPTED  PENDING  DELIVERED  DEAD  DIFFERENCE  DESTINATION
                   1,005        3      1,000     2           0  file:///a
                note: by the way
                balanced: every accepted event is accounted for

                """)
    }

    @Test func whatIsMissingIsNamed() {
        let text = Self.report([Self.row(accepted: 1006)]).text(style: .plain)
        #expect(
            text.contains(
                "does not balance at file:///a: 1 event accepted and not accounted for (1,005 of 1,006 are)\n"))
        let report = Self.report(
            [], clients: [Self.row(accepted: 1, client: "c"), Self.row(accepted: 1005, client: "")])
        #expect(!report.isBalanced)
        let clients = report.text(style: .plain)
        #expect(
            clients.contains(
                "does not balance at file:///a, client c (x): 1,004 events more accounted for than accepted (1,005 "
                    + "instead of 1)\n"))
        #expect(clients.contains("(unknown) (x)"))
        #expect(!clients.contains("balanced: every"))
    }

    @Test func whatDoesNotAddUpElsewhereIsNoBalance() {
        let report = Self.report([Self.row(accepted: 1005)], differences: ["segment 7: gone"])
        #expect(!report.isBalanced)
        #expect(report.text(style: .plain).contains("does not add up: segment 7: gone"))
    }

    @Test func jsonHasTheDocumentedMembers() throws {
        let line = Self.report([Self.row(accepted: 1006)]).json.line
        let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        #expect(Set(object.keys) == ["spool", "at", "balanced", "differences", "notes", "accounts"])
        #expect(object["balanced"] as? Bool == false)
        let account = try #require((object["accounts"] as? [[String: Any]])?.first)
        #expect(
            Set(account.keys) == [
                "destination", "configured", "client", "source", "accepted", "pending", "delivered", "dead", "expired",
                "purged", "damaged", "skipped", "difference",
            ])
        #expect(account["difference"] as? Int == 1)
    }
}

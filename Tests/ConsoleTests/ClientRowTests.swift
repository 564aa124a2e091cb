import Contract
import Store
import Testing

@testable import Console

@Suite struct ClientRowTests {
    @Test func aClientIsOneRowAndWhoWaitsMostIsFirst() {
        var audit = SpoolAudit()
        for (client, accepted, pending) in [("calm", 90, 0), ("late", 10, 4), ("busy", 100, 0)] {
            for destination in ["d", "e"] {
                var row = SpoolAudit.Row(destination: destination, client: client, source: "s")
                row.accepted = Int64(accepted)
                row.pending = destination == "e" ? Int64(pending) : 0
                audit.clients.append(row)
            }
        }
        let rows = ClientRow.rows(of: audit)
        #expect(rows.map(\.name) == ["late", "busy", "calm"])
        #expect(rows.map(\.parts.count) == [2, 2, 2])
        let count = ClientCounts.Count(rows: rows, at: 5_000_000)
        func answer(_ search: String?, offset: Int, limit: Int) -> JSONValue {
            ClientsAnswer(
                count: count, destinations: ["d", "e"], senders: nil, search: search, offset: offset, limit: limit
            ).json
        }
        let page = answer("AL", offset: 0, limit: 50)
        #expect(page["total"]?.integer == 1 && page["clients"]?.elements?.first?["name"]?.text == "calm")
        let second = answer(nil, offset: 1, limit: 1)
        #expect(second["total"]?.integer == 3 && second["clients"]?.elements?.first?["name"]?.text == "busy")
        #expect(answer(nil, offset: -7, limit: 1)["clients"]?.elements?.count == 1)
    }
}

/// Who did what by hand.
extension DeliveryLedger {
    /// Acts that are kept; the oldest go.
    package static let maximumActs = 100_000

    /// Records an act that changed nothing in the ledger itself, such as an export.
    package func record(_ act: OperatorAct) throws(StoreError) {
        try write { () throws(StoreError) in try insert(act) }
    }

    /// Writes an act, inside the transaction of what it did.
    func insert(_ act: OperatorAct) throws(StoreError) {
        let insert = try Statement(
            connection,
            "INSERT INTO operator_act (at, actor, action, destination, detail, events) VALUES (?, ?, ?, ?, ?, ?)")
        try insert.bind(1, now())
        try insert.bind(2, act.actor)
        try insert.bind(3, act.action)
        try insert.bind(4, act.destination)
        try insert.bind(5, act.detail)
        try insert.bind(6, act.events)
        try insert.run()
        try connection.execute(
            "DELETE FROM operator_act WHERE id <= (SELECT max(id) FROM operator_act) - \(Self.maximumActs)")
    }
}

internal import Contract
internal import Store

/// Who did what by hand.
enum ActsAnswer {
    static func json(_ acts: [OperatorAct], limit: Int) -> JSONValue {
        .members([
            (
                "acts",
                .array(
                    acts.map {
                        .members([
                            ("at", .time($0.at)), ("actor", .string($0.actor)), ("action", .string($0.action)),
                            ("destination", .string($0.destination)), ("detail", .string($0.detail)),
                            ("events", .number($0.events)),
                        ])
                    })
            ), ("limit", .number(Int64(limit))),
        ])
    }
}

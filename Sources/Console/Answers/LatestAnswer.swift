internal import Contract
internal import Store

/// The batches that came in last, with what their first events are called.
enum LatestAnswer {
    static func json(_ batches: [LatestBatch]) -> JSONValue {
        .members([
            (
                "batches",
                .array(
                    batches.map { batch in
                        .members([
                            ("received_at", .time(batch.receivedAt)), ("client", .string(batch.sender?.name ?? "")),
                            ("source", .string(batch.sender?.source ?? "")), ("events", .number(batch.events)),
                            ("bytes", .number(batch.payloadBytes)),
                            (
                                "first",
                                .array(
                                    batch.first.map { bytes in
                                        let labels = EventLabels(ofEvent: bytes)
                                        return .members([
                                            ("id", .string(String(decoding: labels.id, as: UTF8.self))),
                                            ("feature", .string(labels.feature)), ("action", .string(labels.action)),
                                        ])
                                    })
                            ),
                        ])
                    })
            )
        ])
    }
}

package import Contract
internal import Runtime
package import Store

/// An order to send a time of the past again, as it is shown.
package struct ReplayOrder: Sendable, Hashable {
    /// What the ledger has of it.
    package let job: ReplayJob
    /// Events that it may still send.
    package let left: Int64

    /// Makes an order from its parts.
    package init(job: ReplayJob, left: Int64) {
        self.job = job
        self.left = left
    }

    /// For people: one line an order under headings.
    package static func list(_ orders: [ReplayOrder], now: Int64, style: TextStyle, width: Int?) -> String {
        var table = TextTable([
            ("ORDER", .right), ("STATE", .left), ("AGE", .right), ("SENT", .right), ("LEFT", .right), ("RATE", .right),
            ("FROM", .left), ("TO", .left), ("CLIENT", .left), ("DESTINATION", .left),
        ])
        for order in orders {
            let job = order.job
            table.add([
                "\(job.id)", order.state, HumaneText.span(now - job.createdAt), HumaneText.count(job.sent),
                HumaneText.count(order.left), order.rate,
                RFC3339.format(job.from, fraction: .seconds), RFC3339.format(job.to, fraction: .seconds),
                job.client ?? "(all)", job.destination,
            ])
        }
        return table.text(style: style, width: width)
    }

    /// For programs. Names and units are stable.
    package var json: JSONValue {
        .members([
            ("order", .number(job.id)), ("state", .string(state)), ("destination", .string(job.destination)),
            ("from", .string(RFC3339.format(job.from))), ("to", .string(RFC3339.format(job.to))),
            ("client", .optional(job.client)), ("rate", job.rate > 0 ? .double(job.rate) : .null),
            ("sent", .number(job.sent)), ("left", .number(left)),
            ("created_at", .string(RFC3339.format(job.createdAt))),
        ])
    }

    private var rate: String {
        switch job.rate {
        case ...0: "any"
        // Tenths say nothing of a slow one.
        case ..<1: "\(job.rate)/s"
        default: HumaneText.rate(job.rate)
        }
    }

    private var state: String {
        switch job.state {
        case .running, .runningWithUndelivered: "running"
        case .done: "done"
        case .cancelled: "cancelled"
        }
    }
}

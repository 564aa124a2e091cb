internal import Contract
internal import Store

extension QuarantineRecord {
    /// The record of a refused event.
    /// - Parameters:
    ///   - event: where its bytes lie in the payload.
    ///   - id: where its id lies there; empty without one.
    init(_ reason: RefusalReason, event: Range<Int>, id: Range<Int>, of payload: [UInt8]) {
        self.init(
            offset: event.lowerBound, length: event.count, reason: reason.name, detail: reason.message,
            eventID: Array(payload[id]))
    }
}

/// Where a batch lies in the spool.
struct BatchAddress: Sendable, Hashable {
    let segment: UInt64
    let batch: Int64
}

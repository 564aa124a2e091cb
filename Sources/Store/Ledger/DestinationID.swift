/// A destination's row in the ledger.
package struct DestinationID: Sendable, Hashable {
    let row: Int64
}

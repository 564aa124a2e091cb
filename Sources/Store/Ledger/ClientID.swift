/// A client's row in the ledger. Interned once a stream, never once an event.
package struct ClientID: Sendable, Hashable {
    /// The row's number.
    package let row: Int64

    package init(row: Int64) {
        self.row = row
    }

    /// Stands for events whose sender can not be read any more.
    package static let none = ClientID(row: 0)
    /// Stands for all clients beyond the ledger's limit.
    package static let other = ClientID(row: 1)
}

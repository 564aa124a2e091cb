/// What is needed of a dead letter's row to move it on.
struct LetterPlace {
    let id: Int64
    let destination: DestinationID
    let client: ClientID
    let kind: DeadLetter.Kind
    let state: DeadLetter.State
    let size: Int64
    let original: Int64?

    static let columns = "id, destination, client, kind, state, size, original"

    init(_ row: Statement) {
        id = row.integer(0)
        destination = DestinationID(row: row.integer(1))
        client = ClientID(row: row.integer(2))
        kind = DeadLetter.Kind(rawValue: row.integer(3)) ?? .refused
        state = DeadLetter.State(rawValue: row.integer(4)) ?? .waiting
        size = row.count(5)
        original = row.isNull(6) ? nil : row.integer(6)
    }
}

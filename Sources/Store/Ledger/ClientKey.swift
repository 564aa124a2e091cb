/// What makes a client the same: who it says it is, and where its events come from.
struct ClientKey: Sendable, Hashable {
    let name: String
    let source: String
}

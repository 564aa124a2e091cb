internal import Store

extension CommitTicket {
    /// Returns once the batch is durable.
    /// - Returns: the batch's events that were recorded before, as ordinals in its index.
    /// - Throws: what the client is told when it is not.
    func durable() async throws(IngestFailure) -> [UInt32] {
        do throws(StoreError) {
            return try await committed()
        } catch {
            throw .notDurable(error)
        }
    }
}

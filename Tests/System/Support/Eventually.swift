/// Something that did not happen in time, or at all.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Waits until `condition` holds.
///
/// The only place of these tests that sleeps: what a process has written to files can not be waited for, only looked at.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw HarnessError("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

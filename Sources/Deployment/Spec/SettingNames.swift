/// The names of settings that the two processes read.
package struct SettingNames: Sendable, Equatable {
    /// Read by telemetry-ingest.
    package var ingest: Set<String>
    /// Read by telemetry-forwarder.
    package var forwarder: Set<String>

    package init(ingest: Set<String>, forwarder: Set<String>) {
        self.ingest = ingest
        self.forwarder = forwarder
    }

    /// All of them.
    var all: Set<String> { ingest.union(forwarder) }
}

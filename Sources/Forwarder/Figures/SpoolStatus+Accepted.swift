package import Store

extension SpoolStatus.Destination {
    /// Events that were accepted for it, as far as what waits and what is resolved tell.
    package var acceptedEvents: Int64 { waiting.events &+ outcomes.sum }
}

extension SpoolInspector {
    /// What is known of one client's events.
    /// - Parameter source: its kind or service; nil for senders of that name of any kind.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func client(
        _ name: String, source: String? = nil, bound: TraceBound = TraceBound()
    ) throws(StoreError) -> ClientFigures {
        try requireSpool()
        var trace = ClientTrace(layout: layout, client: name, source: source, bound: bound)
        return try trace.run()
    }

    /// Where an event is, and what became of it.
    /// - Parameters:
    ///   - id: the id as it was received.
    ///   - findsAll: whether the search goes on after the first place.
    ///   - eventID: the id of an encoded event.
    ///   - progress: told after each segment.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func event(
        id: [UInt8], bound: TraceBound = TraceBound(), findsAll: Bool = false,
        eventID: @escaping (UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?,
        progress: @escaping (EventTraceResult) -> Void = { _ in }
    ) throws(StoreError) -> EventTraceResult {
        try requireSpool()
        var trace = EventTrace(
            layout: layout, id: id, bound: bound, findsAll: findsAll, eventID: eventID, progress: progress)
        return try trace.run()
    }
}

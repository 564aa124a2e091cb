/// Finds out how many bytes of JSON an event becomes, without keeping them: whatever the event is, memory is needed for
/// the places of its map entries only.
struct EventMeter {
    private let migratesLegacyMetadata: Bool
    private var entries = Array(repeating: MapEntry(), count: MessageTranscoder.initialEntries)

    init(migratesLegacyMetadata: Bool) {
        self.migratesLegacyMetadata = migratesLegacyMetadata
    }

    /// What measuring an event gave.
    enum Result: Equatable {
        /// Bytes of JSON.
        case bytes(Int)
        /// The event has more map entries than are sorted at a time; keys may repeat among them.
        case tooManyEntries
        /// The event must be decoded.
        case declined
    }

    /// - Parameter event: an encoded `Event` whose text is known to be UTF-8.
    mutating func measure(_ event: UnsafeRawBufferPointer) -> Result {
        guard event.count <= MessageTranscoder.maximumEventBytes else { return .declined }
        // What is left of an event whose fields were all replaced by nothing.
        if event.isEmpty { return .bytes(#"{}"#.utf8.count) }
        while true {
            do throws(TranscodingFault) {
                return .bytes(try count(event))
            } catch {
                guard error == .outOfScratch else { return .declined }
                guard entries.count < MessageTranscoder.maximumEntries else { return .tooManyEntries }
                let count = min(4 * entries.count, MessageTranscoder.maximumEntries)
                entries = Array(repeating: MapEntry(), count: count)
            }
        }
    }

    private mutating func count(_ event: UnsafeRawBufferPointer) throws(TranscodingFault) -> Int {
        guard let start = event.baseAddress else { throw .declined }
        let migrates = migratesLegacyMetadata
        return try entries.withUnsafeMutableBufferPointer { (entries) throws(TranscodingFault) in
            let space = UnsafeMutablePointer<UInt8>.allocate(capacity: JSONOutput.slack + 1)
            defer { space.deallocate() }
            var counter = JSONOutput.Counter(start: space)
            return try withUnsafeMutablePointer(to: &counter) { (counter) throws(TranscodingFault) in
                var transcoder = EventTranscoder(
                    start.assumingMemoryBound(to: UInt8.self), count: event.count,
                    to: JSONOutput(counting: counter), entries: entries, migratesLegacyMetadata: migrates)
                try transcoder.writeEvent()
                // Behind the object stands a comma.
                return transcoder.output.count - 1
            }
        }
    }
}

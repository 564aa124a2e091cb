/// Turns stored events of one stream into messages without decoding them, and keeps what that needs from event to event.
struct MessageTranscoder: Sendable {
    /// What stands behind each event: the rest of the object, then the packed attributes up to the key whose value
    /// comes first from the event.
    private let tail: [UInt8]
    /// How many bytes of ``tail`` belong to the object.
    private let tailDataCount: Int
    /// Packed attributes of the stream that stand behind those of the event.
    private let trailer: [UInt8]
    private let migratesLegacyMetadata: Bool
    /// Scratch space; all of it is in use as far as the array is concerned.
    private var entries: [MapEntry] = []

    /// The scratch space of a new transcoder (map entries of one event).
    static let initialEntries = 64
    /// The largest scratch space (map entries of one event, 32 bytes each); an event with more is decoded. As many
    /// different keys make more JSON than ``RenderedSizeLimit`` allows.
    static let maximumEntries = 1 << 21
    /// Bytes of output that are reserved for an event of no bytes.
    private static let minimumCapacity = 1024
    /// Bytes of output for each byte of an event: at first, and at most. At worst escaping makes six of one, which stands
    /// in an attribute once more; names of members count into ``minimumCapacity``.
    private static let expansions = 2...8
    /// Offsets into an event are 32 bits wide (bytes).
    static let maximumEventBytes = Int(Int32.max)

    init(metadataJSON: [UInt8], source: String, migratesLegacyMetadata: Bool, traceparent: String) {
        self.migratesLegacyMetadata = migratesLegacyMetadata
        var arena = MessageArena()
        arena.append(#""metadata":"#)
        arena.append(metadataJSON)
        arena.append("}")
        tailDataCount = arena.bytes.count
        arena.appendAttribute(key: RoutingAttributes.source.description, value: source)
        arena.appendField(RoutingAttributes.feature.description)
        tail = arena.bytes
        arena = MessageArena()
        if !traceparent.isEmpty {
            arena.appendAttribute(key: RoutingAttributes.traceparent.description, value: traceparent)
        }
        trailer = arena.bytes
    }

    /// Appends the event's message to the arena.
    ///
    /// - Parameter event: any bytes.
    /// - Returns: false for an event that must be decoded; the arena is unchanged then.
    mutating func transcode(_ event: UnsafeRawBufferPointer, into arena: inout MessageArena) -> Bool {
        guard let start = event.baseAddress, !event.isEmpty, event.count <= Self.maximumEventBytes else { return false }
        if entries.isEmpty { growScratch() }
        var expansion = Self.expansions.lowerBound
        while true {
            do throws(TranscodingFault) {
                let capacity = expansion &* event.count &+ tail.count &+ trailer.count &+ Self.minimumCapacity
                try transcode(event.count, start, capacity: capacity, into: &arena)
                return true
            } catch {
                switch error {
                case .declined:
                    return false
                case .outOfSpace:
                    expansion *= 2
                    guard Self.expansions.contains(expansion) else { return false }
                case .outOfScratch:
                    guard entries.count < Self.maximumEntries else { return false }
                    growScratch()
                }
            }
        }
    }

    private mutating func growScratch() {
        let count = max(Self.initialEntries, min(4 * entries.count, Self.maximumEntries))
        entries = Array(repeating: MapEntry(), count: count)
    }

    @inline(__always)
    private mutating func transcode(
        _ count: Int, _ start: UnsafeRawPointer, capacity: Int, into arena: inout MessageArena
    ) throws(TranscodingFault) {
        try entries.withUnsafeMutableBufferPointer { (entries) throws(TranscodingFault) in
            try arena.appendMessage(capacity: capacity) { (space) throws(TranscodingFault) in
                guard let first = space.baseAddress else { throw .declined }
                var transcoder = EventTranscoder(
                    start.assumingMemoryBound(to: UInt8.self), count: count,
                    to: JSONOutput(first, count: space.count), entries: entries,
                    migratesLegacyMetadata: migratesLegacyMetadata)
                transcoder.output.literal(#"{"event":"#)
                try transcoder.writeEvent()
                let dataCount = transcoder.output.next - first + tailDataCount
                try tail.withUnsafeBufferPointer { (tail) throws(TranscodingFault) in
                    try transcoder.output.copy(tail)
                }
                try transcoder.writeAttributes()
                try trailer.withUnsafeBufferPointer { (trailer) throws(TranscodingFault) in
                    try transcoder.output.copy(trailer)
                }
                return (dataCount, transcoder.output.next - first)
            }
        }
    }
}

/// Writes one event as JSON while it reads the event's wire bytes, and notes what the routing attributes need.
///
/// It declines whatever an ordinary encoder does not write (fields out of order or repeated, odd map entries, damage):
/// the caller decodes the event then. So fields come in the order of their numbers, and what it writes is what
/// SwiftProtobuf would, in other bytes.
struct EventTranscoder {
    var cursor: WireCursor
    var output: JSONOutput
    /// The first byte of the event; map entries count from here.
    let start: UnsafePointer<UInt8>
    /// One behind the last byte of the event.
    let readableEnd: UnsafePointer<UInt8>
    /// Map entries that wait to be sorted and written. Those of inner objects lie on top of those of outer ones.
    let entries: UnsafeMutableBufferPointer<MapEntry>
    /// How many ``entries`` are in use.
    var entryCount = 0
    /// How many ``entries``, from the first, are kept because they become attributes.
    var promotedCount = 0
    var feature = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var action = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var hasPrivateMetadata = false
    /// Whether `legacy_metadata` is moved into `metadata`.
    let migratesLegacyMetadata: Bool

    /// Messages inside each other, the event counted, up to which an event is transcoded; SwiftProtobuf refuses deeper
    /// ones.
    static let maximumDepth = WireLimits.standardDepth

    init(
        _ start: UnsafePointer<UInt8>, count: Int, to output: JSONOutput,
        entries: UnsafeMutableBufferPointer<MapEntry>, migratesLegacyMetadata: Bool
    ) {
        self.start = start
        readableEnd = start + count
        cursor = WireCursor(position: start, end: readableEnd)
        self.output = output
        self.entries = entries
        self.migratesLegacyMetadata = migratesLegacyMetadata
    }

    /// Writes the object and a comma behind it.
    mutating func writeEvent() throws(TranscodingFault) {
        let depthLeft = Self.maximumDepth - 1
        var last: UInt32 = 0
        try output.open("{")
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeText(#""id":"#)
            case 0x12:
                try advance(&last, to: 2)
                try enter(depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeTimestamp(depthLeft)
                }
            case 0x1a:
                try advance(&last, to: 3)
                feature = try writeText(#""feature":"#)
            case 0x22:
                try advance(&last, to: 4)
                action = try writeText(#""action":"#)
            case 0x2a:
                try advance(&last, to: 5)
                try writeMessage(#""source":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeSource(depthLeft)
                }
            case 0x32:
                try advance(&last, to: 6)
                try writeMessage(#""parameters":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeParameters(depthLeft)
                }
            case 0x3a:
                try advance(&last, to: 7)
                try writeMessage(#""user":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeUser(depthLeft)
                }
            case 0x42:
                try advance(&last, to: 8)
                try writeMessage(#""featureFlags":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeFeatureFlags(depthLeft)
                }
            case 0x4a:
                try advance(&last, to: 9)
                try writeMessage(#""marketingTracking":{"#, depthLeft) {
                    (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeMarketing(depthLeft)
                }
            case 0x52:
                try advance(&last, to: 10)
                try writeMessage(#""interaction":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeInteraction(depthLeft)
                }
            default:
                try skip(tag, depthLeft)
            }
        }
        try output.closeObject()
    }

    @inline(__always)
    private mutating func writeTimestamp(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x08:
                try advance(&last, to: 1)
                seconds = Int64(bitPattern: try readVarint())
            case 0x10:
                try advance(&last, to: 2)
                nanoseconds = Int32(truncatingIfNeeded: try readVarint())
            default:
                try skip(tag, depthLeft)
            }
        }
        guard TimestampRule.isExpressible(seconds: seconds, nanoseconds: nanoseconds) else { throw .declined }
        try output.require()
        output.literal(#""timestamp":"#)
        output.timestamp(seconds: seconds, nanoseconds: nanoseconds)
        output.byte(UInt8(ascii: ","))
    }
}

extension WireScanner {
    /// The id of an encoded `Event`: of several the last one, as protobuf has it.
    ///
    /// Looks at the event's own fields only and does not check the text; for events that a scan accepted.
    ///
    /// - Returns: nil without an id, and for bytes that are no protobuf message.
    package static func eventID(of event: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let raw = event.baseAddress, !event.isEmpty else { return nil }
        let start = raw.assumingMemoryBound(to: UInt8.self)
        var cursor = WireCursor(position: start, end: start + event.count)
        var id: UnsafeRawBufferPointer?
        do throws(WireFault) {
            while cursor.position < cursor.end {
                let tag = try cursor.readTag()
                if tag.rawValue == 0x0a {
                    let length = try cursor.readLength()
                    id = UnsafeRawBufferPointer(start: cursor.position, count: length)
                    cursor.position += length
                } else {
                    try cursor.skipValue(of: tag, depthLeft: WireLimits.standardDepth)
                }
            }
        } catch {
            return nil
        }
        guard let id, !id.isEmpty else { return nil }
        return id
    }
}

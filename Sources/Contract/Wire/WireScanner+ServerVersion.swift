extension WireScanner {
    /// `source.server.version` of an encoded `Event`: of several the last one, as protobuf has it.
    ///
    /// Looks only at what leads there and does not check the text; for events that a scan accepted.
    ///
    /// - Returns: nil without a version, and for bytes that are no protobuf message.
    package static func serverVersion(of event: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        last(path: [sourceTag, serverTag, versionTag][...], in: event)
    }

    private static let sourceTag: UInt32 = 0x2a
    private static let serverTag: UInt32 = 0x0a
    private static let versionTag: UInt32 = 0x0a

    /// The last field that is reached by the tags, each inside the one before; nil when there is none or it is empty.
    private static func last(path: ArraySlice<UInt32>, in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let wanted = path.first, let raw = message.baseAddress, !message.isEmpty else { return nil }
        let start = raw.assumingMemoryBound(to: UInt8.self)
        var cursor = WireCursor(position: start, end: start + message.count)
        var found: UnsafeRawBufferPointer?
        do throws(WireFault) {
            while cursor.position < cursor.end {
                let tag = try cursor.readTag()
                guard tag.rawValue == wanted else {
                    try cursor.skipValue(of: tag, depthLeft: WireLimits.standardDepth)
                    continue
                }
                let length = try cursor.readLength()
                let content = UnsafeRawBufferPointer(start: cursor.position, count: length)
                cursor.position += length
                // Messages that come again are merged: what a later one does not have, an earlier one may.
                found = path.count == 1 ? content : last(path: path.dropFirst(), in: content) ?? found
            }
        } catch {
            return nil
        }
        guard let found, !found.isEmpty else { return nil }
        return found
    }
}

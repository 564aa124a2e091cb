internal import Contract

/// What Pub/Sub refuses about attributes. It refuses the whole request then, so that it has to be known before.
enum PubSubAttributeRules {
    static func isKey(_ key: String) -> Bool {
        var key = key
        return key.withUTF8 { problem(withKey: UnsafeRawBufferPointer($0), isASCII: false) == nil }
    }

    /// What is wrong with the message's attributes; nil when nothing is.
    ///
    /// - Parameter more: attributes that are added to them.
    static func problem(with message: RenderedMessage, in arena: MessageArena, more: Int) -> String? {
        let isASCII = arena.bytes.withUnsafeBytes {
            Self.isASCII(UnsafeRawBufferPointer(rebasing: $0[message.attributes]))
        }
        var count = more
        var problem: String?
        arena.forEachAttribute(of: message) { key, value in
            count += 1
            guard problem == nil else { return }
            problem =
                Self.problem(withKey: key, isASCII: isASCII)
                ?? Self.problem(withValue: value, of: key, isASCII: isASCII)
        }
        if problem == nil, count > PubSubLimits.attributes {
            return "\(count) attributes, allowed are \(PubSubLimits.attributes)"
        }
        return problem
    }

    private static func problem(withKey key: UnsafeRawBufferPointer, isASCII: Bool) -> String? {
        if key.isEmpty { return "an attribute without a key" }
        if key.count > PubSubLimits.attributeKeyBytes {
            return "the key of an attribute of \(key.count) bytes, allowed are \(PubSubLimits.attributeKeyBytes)"
        }
        if key.starts(with: PubSubLimits.reservedAttributePrefix.utf8) {
            return "an attribute whose key begins with \(PubSubLimits.reservedAttributePrefix): \(shown(key))"
        }
        return isASCII || isUTF8(key) ? nil : "the key of an attribute that is not UTF-8"
    }

    private static func problem(
        withValue value: UnsafeRawBufferPointer, of key: UnsafeRawBufferPointer, isASCII: Bool
    ) -> String? {
        if value.count > PubSubLimits.attributeValueBytes {
            return
                "the attribute \(shown(key)) of \(value.count) bytes, allowed are \(PubSubLimits.attributeValueBytes)"
        }
        return isASCII || isUTF8(value) ? nil : "the attribute \(shown(key)) is not UTF-8"
    }

    private static func shown(_ key: UnsafeRawBufferPointer) -> String { String(decoding: key, as: UTF8.self) }

    private static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
        isASCII(text) || String(validating: text, as: UTF8.self) != nil
    }

    /// Eight bytes at a time: nearly all attributes are ASCII, lengths included.
    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt64 = 0
        var index = 0
        while index + 8 <= text.count {
            bits |= text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < text.count {
            bits |= UInt64(text[index])
            index += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}

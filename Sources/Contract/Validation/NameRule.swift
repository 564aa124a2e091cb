/// The rules for an event's feature and action, applied to bytes.
enum NameRule {
    /// The longest name (bytes).
    static let maximumBytes = 64

    /// The first rule that the pair breaks, in the order of the contract; nil when both are fine.
    @inline(__always)
    static func refusal(
        feature: UnsafeBufferPointer<UInt8>, action: UnsafeBufferPointer<UInt8>
    ) -> RefusalReason? {
        guard !feature.isEmpty else { return .featureRequired }
        guard !action.isEmpty else { return .actionRequired }
        guard feature.count <= maximumBytes else { return .featureTooLong }
        guard action.count <= maximumBytes else { return .actionTooLong }
        guard matches(feature) else { return .featureMalformed }
        guard matches(action) else { return .actionMalformed }
        return nil
    }

    /// `^[a-z][a-zA-Z-\.]+$`: at least two bytes, the first a lower-case letter, the others letters, dashes and dots.
    @inline(__always)
    static func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count >= 2, isLowercaseLetter(name[0]) else { return false }
        var index = 1
        while index < name.count {
            let byte = name[index]
            guard isLowercaseLetter(byte | 0x20) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") else {
                return false
            }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    private static func isLowercaseLetter(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26
    }
}

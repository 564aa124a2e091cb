/// A message that is not what the wire contract says. It refuses the whole message: no event of it is accepted.
package struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of damage it is, for metrics and tests.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Bytes that no encoder writes: a bad tag, a varint without an end, an unmatched group.
        case malformed
        /// A field that claims more bytes than there are.
        case truncated
        /// A string field whose bytes are not UTF-8.
        case invalidUTF8 = "invalid_utf8"
        /// More messages or groups inside each other than ``WireLimits/maximumDepth``.
        case tooDeep = "too_deep"
        /// More events than ``WireLimits/maximumEvents``.
        case tooManyEvents = "too_many_events"
        /// More bytes than ``WireLimits/maximumMessageBytes``.
        case tooLarge = "too_large"
    }

    package let code: Code
    /// What is wrong, where, and what the sender can do.
    package let message: String
    /// Bytes from the start of the message to where the scan stopped.
    package let offset: Int

    package init(code: Code, message: String, offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

extension WireError {
    init(_ fault: WireFault, offset: Int) {
        switch fault {
        case .malformed:
            self.init(
                code: .malformed,
                message: "not a valid protobuf message, at byte \(offset); check that the sender encodes "
                    + "telemetrygateway.v1 requests", offset: offset)
        case .truncated:
            self.init(
                code: .truncated,
                message: "a field ends behind its message, at byte \(offset); the message was cut or its lengths are "
                    + "wrong", offset: offset)
        case .invalidUTF8:
            self.init(
                code: .invalidUTF8,
                message: "a string field is not UTF-8, at byte \(offset); send text as UTF-8", offset: offset)
        case .tooDeep:
            self.init(
                code: .tooDeep,
                message: "messages are nested deeper than the limit, at byte \(offset); flatten the private metadata",
                offset: offset)
        case .tooManyEvents:
            self.init(
                code: .tooManyEvents,
                message: "the message has more events than the limit, at byte \(offset); send smaller batches",
                offset: offset)
        }
    }
}

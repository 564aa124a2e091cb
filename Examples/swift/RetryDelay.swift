internal import Foundation
internal import GRPCCore

/// How long the gateway asks to be left alone: `google.rpc.RetryInfo` in the status of an error. With
/// grpc-swift-protobuf this is `error.unpackGoogleRPCStatus()`.
enum RetryDelay {
    /// Nil when it does not ask.
    static func seconds(in error: RPCError) -> Double? {
        for status in error.metadata[binaryValues: "grpc-status-details-bin"] {
            // Status has its details, each an Any, in field 3; an Any has its type's name in field 1, its bytes in 2.
            for any in fields(status[...]) where any.number == 3 {
                let parts = fields(any.bytes)
                let isRetryInfo = parts.contains {
                    $0.number == 1 && String(decoding: $0.bytes, as: UTF8.self).hasSuffix("/google.rpc.RetryInfo")
                }
                guard isRetryInfo, let info = parts.first(where: { $0.number == 2 }),
                    let duration = fields(info.bytes).first(where: { $0.number == 1 })
                else { continue }
                let numbers = fields(duration.bytes)
                let seconds = numbers.first { $0.number == 1 }?.value ?? 0
                let nanoseconds = numbers.first { $0.number == 2 }?.value ?? 0
                return Double(seconds) + Double(nanoseconds) / 1e9
            }
        }
        return nil
    }

    /// The fields of a message, as far as it can be read.
    private static func fields(
        _ message: ArraySlice<UInt8>
    ) -> [(number: UInt64, value: UInt64, bytes: ArraySlice<UInt8>)] {
        var rest = message
        var found: [(UInt64, UInt64, ArraySlice<UInt8>)] = []
        while let tag = number(&rest), tag & 7 == 0 || tag & 7 == 2, let value = number(&rest) {
            guard tag & 7 == 2 else {
                found.append((tag >> 3, value, []))
                continue
            }
            guard value <= rest.count else { break }
            found.append((tag >> 3, 0, rest.prefix(Int(value))))
            rest = rest.dropFirst(Int(value))
        }
        return found
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        return nil
    }
}

internal import FoundationEssentials

/// Reads how long a peer wants to be left alone from `grpc-status-details-bin`:
///
///     google.rpc.Status    { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
///     google.protobuf.Any  { string type_url = 1; bytes value = 2; }
///     google.rpc.RetryInfo { google.protobuf.Duration retry_delay = 1; }
enum GRPCRetryInfo {
    private static let typeName = "/google.rpc.RetryInfo"

    /// The delay; nil when there is none, or nothing that can be read.
    static func delay(inDetails text: String) -> Duration? {
        guard let status = decoded(text), let details = try? fields(3, of: status[...]) else { return nil }
        for detail in details {
            guard let type = try? fields(1, of: detail).last, String(decoding: type, as: UTF8.self).hasSuffix(typeName),
                let info = try? fields(2, of: detail).last, let duration = try? fields(1, of: info).last
            else { continue }
            return seconds(in: duration)
        }
        return nil
    }

    private static func fields(
        _ wanted: UInt64, of message: ArraySlice<UInt8>
    ) throws(ProtobufFields.Malformed) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var fields = ProtobufFields(message)
        while let (number, content) = try fields.next() {
            if number == wanted, case .bytes(let bytes) = content { found.append(bytes) }
        }
        return found
    }

    private static func seconds(in duration: ArraySlice<UInt8>) -> Duration? {
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        var fields = ProtobufFields(duration)
        do throws(ProtobufFields.Malformed) {
            while let (number, content) = try fields.next() {
                guard case .number(let value) = content else { continue }
                if number == 1 { seconds = Int64(bitPattern: value) }
                if number == 2 { nanoseconds = Int64(bitPattern: value) }
            }
        } catch {
            return nil
        }
        guard seconds >= 0, (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        return .seconds(min(seconds, TransferLimits.retryAfterSeconds)) + .nanoseconds(nanoseconds)
    }

    // gRPC writes base64 with or without its padding.
    private static func decoded(_ text: String) -> [UInt8]? {
        let digits = text.prefix { $0 != "=" }
        let padding = String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
        return Data(base64Encoded: digits + padding).map { Array($0) }
    }
}

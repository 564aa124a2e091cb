import GRPCCore
import SwiftProtobuf
import Testing

@testable import Ingest

@Suite struct RetryInformationTests {
    /// `google.rpc.Status` read field by field: code, message, and a RetryInfo of five seconds.
    @Test func isAStatusWithARetryDelay() throws {
        let metadata = RetryInformation.metadata(code: 8, message: "full", delaySeconds: 5)
        let status = try #require(Array(metadata[binaryValues: "grpc-status-details-bin"]).first)
        let any =
            [0x0a, 40] + Array("type.googleapis.com/google.rpc.RetryInfo".utf8) + [0x12, 4, 0x0a, 2, 0x08, 5]
        #expect(status == [0x08, 8, 0x12, 4] + Array("full".utf8) + [0x1a, UInt8(any.count)] + any)
        let parsed = try Google_Protobuf_Any(serializedBytes: any)
        #expect(parsed.typeURL == "type.googleapis.com/google.rpc.RetryInfo")
    }

    /// Decoded by protobuf's own parser, whatever the length of the text.
    @Test(arguments: [0, 1, 90, 127, 128, 200, 3000]) func isDecodedByOthers(length: Int) throws {
        let message = String(repeating: "é", count: length)
        let metadata = RetryInformation.metadata(code: 8, message: message, delaySeconds: 60)
        let bytes = try #require(Array(metadata[binaryValues: "grpc-status-details-bin"]).first)
        // Well-formed to its end, says the parser.
        #expect(Array(try Google_Protobuf_Empty(serializedBytes: bytes).unknownFields.data) == bytes)
        let any = try #require(Self.field(3, of: bytes))
        let detail = try Google_Protobuf_Any(serializedBytes: any)
        #expect(detail.typeURL == "type.googleapis.com/google.rpc.RetryInfo")
        let delay = try #require(Self.field(1, of: Array(detail.value)))
        #expect(try Google_Protobuf_Duration(serializedBytes: delay).seconds == 60)
        #expect(try #require(Self.field(2, of: bytes)) == Array(message.utf8))
    }

    /// The contents of a length-delimited field.
    private static func field(_ number: UInt64, of bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        func varint() -> UInt64 {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7f) << shift
                shift += 7
                if byte < 128 { break }
            }
            return value
        }
        while !rest.isEmpty {
            let tag = varint()
            let value = varint()
            guard tag & 7 == 2 else { continue }
            let contents = Array(rest.prefix(Int(value)))
            rest = rest.dropFirst(Int(value))
            if tag >> 3 == number { return contents }
        }
        return nil
    }
}

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
}

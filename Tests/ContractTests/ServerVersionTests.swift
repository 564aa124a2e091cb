internal import Contract
internal import SwiftProtobuf
internal import Testing

/// The version is read from an event's bytes as SwiftProtobuf would read it.
@Suite struct ServerVersionTests {
    private func version(_ bytes: [UInt8]) -> String? {
        bytes.withUnsafeBytes { event in
            WireScanner.serverVersion(of: event).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func event(_ version: String?) throws -> [UInt8] {
        var event = Telemetrygateway_V1_Event()
        event.id = "id"
        event.feature = "feature"
        event.source.client.name = "client"
        event.source.client.version = "9.9"
        if let version { event.source.server.version = version }
        event.parameters.version = 1
        return try event.serializedBytes()
    }

    @Test func itIsFoundAmongOtherFields() throws {
        #expect(version(try event("5.6.1")) == "5.6.1")
        #expect(version(try event(nil)) == nil)
        #expect(version(try event("")) == nil)
        #expect(version([]) == nil)
    }

    /// Messages that come in pieces are merged, and of a field that comes twice the last one counts.
    @Test func piecesAreMerged() throws {
        let first = try event("5.2.0")
        let second = try event("5.2.1")
        let without = try event(nil)
        for bytes in [first + second, second + without, without + second] {
            let decoded = try Telemetrygateway_V1_Event(serializedBytes: bytes)
            #expect(version(bytes) == decoded.source.server.version)
        }
    }

    @Test func everyBeginningIsHarmless() throws {
        let bytes = try event("5.6.1")
        for count in bytes.indices { _ = version(Array(bytes[..<count])) }
        #expect(version([0x2a, 0x7f, 0x0a]) == nil)
    }
}

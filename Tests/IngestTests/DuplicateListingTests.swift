import Contract
import SwiftProtobuf
import Testing

@testable import Ingest

@Suite struct DuplicateListingTests {
    private func response(_ ids: [String]) throws -> [UInt8] {
        var response = Telemetrygateway_V1_RecordEventsResponse()
        response.succeededEvents = ids
        return try response.serializedBytes()
    }

    private func listed(
        _ duplicates: [UInt32], skipping refusals: [UInt32] = [], in ids: [String]
    ) throws -> Telemetrygateway_V1_RecordEventsResponse {
        var bytes = try response(ids)
        DuplicateListing.append(duplicates, skipping: refusals, to: &bytes)
        return try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: bytes)
    }

    @Test func duplicatesAreListedBesideTheAcknowledgedIDs() throws {
        let response = try listed([0, 2], in: ["a", "b", "c"])
        #expect(response.succeededEvents == ["a", "b", "c"])
        #expect(response.duplicates == ["a", "c"])
    }

    @Test func refusedEventsDoNotCountAmongTheAccepted() throws {
        // a and d were refused and acknowledged: the accepted events are b, c and e.
        let response = try listed([1, 2], skipping: [0, 3], in: ["a", "b", "c", "d", "e"])
        #expect(response.duplicates == ["c", "e"])
    }

    @Test func longIDsAreFound() throws {
        let long = String(repeating: "x", count: 20_000)
        let response = try listed([1], in: [long, long + "y", "z"])
        #expect(response.duplicates == [long + "y"])
    }

    @Test func ordinalsThatDoNotExistAreIgnored() throws {
        #expect(try listed([7], in: ["a"]).duplicates.isEmpty)
        #expect(try listed([0], in: []).duplicates.isEmpty)
    }
}

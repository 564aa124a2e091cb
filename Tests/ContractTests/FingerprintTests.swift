internal import Contract
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// Fingerprints: the scan's numbers are those of the stored bytes, and only the same event of the same sender shares them.
@Suite struct FingerprintTests {
    private static let identity = Identity.unlicensedInstance(instanceID: "inst-1", externalURL: "https://a.example")
    private let scope = StreamScope(identity: FingerprintTests.identity, metadata: [])

    private func scan(_ message: [UInt8], in scope: StreamScope?) throws -> WireScanner {
        var scanner = WireScanner()
        scanner.scope = scope
        _ = try message.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        return scanner
    }

    private func fingerprint(_ event: [UInt8], in sender: SenderScope) -> [UInt64]? {
        event.withUnsafeBytes { sender.fingerprint(of: $0) }.map { [$0.0, $0.1] }
    }

    private func eventID(_ event: [UInt8]) -> [UInt8]? {
        event.withUnsafeBytes { event in WireScanner.eventID(of: event).map(Array.init) }
    }

    @Test func vectors() throws {
        var ids = 0
        for vector in try EventVector.all() where vector.verdict == "accept" {
            let event = [UInt8](vector.wire)
            let decoded = try Telemetrygateway_V1_Event(serializedBytes: event)
            let found = try scan(Wire.request(event: event), in: scope).fingerprints
            #expect(found == fingerprint(event, in: scope.sender), "\(vector.name)")
            #expect(eventID(event) == Array(decoded.id.utf8), "\(vector.name)")
            // Another event of the same sender with the same id, and nothing else alike.
            #expect(found == fingerprint(Wire.field(0x0a, decoded.id), in: scope.sender), "\(vector.name)")
            ids += 1
        }
        #expect(ids > 100)
    }

    @Test func oddEncodings() throws {
        let id = Wire.field(0x0a, "id")
        let other = Wire.field(0x0a, "other")
        let rest = Array(Wire.acceptableFields.dropFirst(id.count))
        let inner = Wire.field(
            0x32, Wire.field(0x1a, Wire.field(0x0a, Wire.field(0x0a, "k") + [0x12, 0x02, 0x08, 0x00])))
        let plain = try #require(fingerprint(id, in: scope.sender))
        let encodings: [[UInt8]] = [
            id + rest, rest + id, other + id + rest, other + rest + id, rest + other + id, id + rest + inner,
            // Unknown fields and groups, one of them with what looks like an id.
            [0x5b] + other + [0x5c] + id + rest, id + [0x5b] + other + [0x5c] + rest,
            id + rest + [0x7a, 0x02, 0x0a, 0x00],
            // A length, and a tag, one byte longer than needed.
            [0x0a, 0x82, 0x00] + Array("id".utf8) + rest, [0x8a, 0x00, 0x02] + Array("id".utf8) + rest,
            // An id of another wire type is an unknown field.
            id + [0x08, 0x05] + rest, id + [0x0d, 1, 2, 3, 4] + rest,
        ]
        for (number, event) in encodings.enumerated() {
            #expect(try scan(Wire.request(event: event), in: scope).fingerprints == plain, "encoding \(number)")
            #expect(fingerprint(event, in: scope.sender) == plain, "encoding \(number)")
            #expect(eventID(event) == Array("id".utf8), "encoding \(number)")
        }
        #expect(fingerprint(id + other + rest, in: scope.sender) != plain, "the last one wins")
    }

    @Test func withoutAnID() {
        #expect(eventID([]) == nil)
        #expect(eventID(Wire.field(0x1a, "feature")) == nil)
        #expect(eventID([0x0a, 0x00]) == nil)
        #expect(eventID(Wire.field(0x0a, "id") + [0x0a, 0x00]) == nil, "the last one is empty")
        #expect(eventID(Wire.field(0x0a, "id") + [0x0f]) == nil, "damage")
        #expect(eventID([0x0a, 0x05, 0x41]) == nil, "cut")
    }

    @Test func onlyAcceptedEventsHaveFingerprints() throws {
        let bad = Wire.request(event: Wire.field(0x0a, "bad"))
        let message = Wire.request(eventFields: []) + bad + Wire.request(eventFields: [])
        var scanner = try scan(message, in: scope)
        #expect(scanner.acceptedCount == 2 && scanner.refused.count == 1)
        let plain = try #require(fingerprint(Wire.field(0x0a, "id"), in: scope.sender))
        #expect(scanner.fingerprints == plain + plain, "an id twice in a batch is the same twice")
        // Metadata behind the events: they are gone.
        _ = try (message + [0x0a, 0x00]).withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        #expect(scanner.fingerprints.isEmpty)
        #expect(throws: WireError.self) {
            try (message + [0x0f]).withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
        #expect(scanner.fingerprints.isEmpty)
        #expect(try scan(message, in: nil).fingerprints.isEmpty, "no scope, no fingerprints")
    }

    @Test func sendersNeverShareFingerprints() {
        let identities: [Identity] = [
            .licensedInstance(licenseKey: "x", instanceID: "x", externalURL: "x"),
            .unlicensedInstance(instanceID: "x", externalURL: "x"),
            .managedService(serviceID: "x", environment: "x"),
            .licensedInstance(licenseKey: "x", instanceID: "", externalURL: ""),
            .licensedInstance(licenseKey: "", instanceID: "", externalURL: "x"),
            .licensedInstance(licenseKey: "xx", instanceID: "", externalURL: ""),
            .licensedInstance(licenseKey: "", instanceID: "", externalURL: ""),
            .licensedInstance(licenseKey: "e\u{301}", instanceID: "", externalURL: ""),
            .licensedInstance(licenseKey: "\u{e9}", instanceID: "", externalURL: ""),
            .unlicensedInstance(instanceID: "y", externalURL: "x"),
            .unlicensedInstance(instanceID: "e\u{301}", externalURL: "x"),
            .unlicensedInstance(instanceID: "\u{e9}", externalURL: "x"),
        ]
        let all = identities.map { fingerprint(Wire.field(0x0a, "id"), in: SenderScope($0)) }
        #expect(Set(all).count == identities.count)
        // Each half alone would do.
        #expect(Set(all.map { $0?[0] }).count == identities.count)
        #expect(Set(all.map { $0?[1] }).count == identities.count)
    }

    @Test func whatDoesNotIdentifyASenderDoesNotMatter() {
        let event = Wire.field(0x0a, "id")
        let licensed = { SenderScope(.licensedInstance(licenseKey: $0, instanceID: "x", externalURL: $1)) }
        #expect(fingerprint(event, in: licensed("old", "a")) == fingerprint(event, in: licensed("new", "b")))
        let unlicensed = { SenderScope(.unlicensedInstance(instanceID: "x", externalURL: $0)) }
        #expect(fingerprint(event, in: unlicensed("a")) == fingerprint(event, in: unlicensed("b")))
        let service = { SenderScope(.managedService(serviceID: "x", environment: $0)) }
        #expect(fingerprint(event, in: service(nil)) == fingerprint(event, in: service("dev")))
    }

    @Test func manyIDsDoNotCollide() throws {
        var random = SeededGenerator(seed: 0xf19e)
        var firsts: Set<UInt64> = []
        var seconds: Set<UInt64> = []
        let total = 100_000
        for number in 0..<total {
            // Alike in all but a few bytes, as ids are.
            let id = "0190f3a7-52c1-7b6e-9d3f-\(number)-\(random.below(4))"
            let numbers = try #require(fingerprint(Wire.field(0x0a, id), in: scope.sender))
            firsts.insert(numbers[0])
            seconds.insert(numbers[1])
        }
        #expect(firsts.count == total && seconds.count == total)
        #expect(firsts.isDisjoint(with: seconds))
    }
}

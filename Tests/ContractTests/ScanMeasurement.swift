internal import Contract
internal import Foundation
internal import SwiftProtobuf
internal import Testing

/// What a scan costs, with and without a scope. Not a test of the plain run; see ``TranscoderMeasurement``.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GATEWAY_MEASURE"] != nil), .serialized)
struct ScanMeasurement {
    /// Rounds of which the fastest counts (count).
    private static let rounds = 25
    /// Scans of one round (count).
    private static let repeats = 4
    /// What a scope may add to a scan.
    private static let mostAdded = 0.15

    private static let metadata: [UInt8] = {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = "4bf92f3577b34da6a3ce929d0e0e4736"
        metadata.identifier.licensedInstance.licenseKey = String(repeating: "k", count: 854)
        metadata.identifier.licensedInstance.instanceID = "5a6ef0b4-3f6e-4d2f-8a3c-3b5d1a1fcb0e"
        return (try? metadata.serializedBytes()) ?? []
    }()
    private static let identity = Identity.licensedInstance(
        licenseKey: "key", instanceID: "5a6ef0b4-3f6e-4d2f-8a3c-3b5d1a1fcb0e", externalURL: "")

    @Test func scans() throws {
        let events = try (0..<1700).map { try TranscoderMeasurement.typicalEvent($0).serializedBytes() as [UInt8] }
        let message = Wire.field(0x12, events.flatMap { Wire.field(0x0a, $0) })
        var plain = WireScanner()
        var scoped = WireScanner()
        scoped.scope = StreamScope(identity: Self.identity, metadata: Self.metadata)
        var best = (plain: Double.infinity, scoped: Double.infinity)
        // By turns, so that both meet the same noise.
        for _ in 0..<Self.rounds {
            best.plain = try min(best.plain, seconds { try scan(message, &plain) } / Double(Self.repeats))
            best.scoped = try min(best.scoped, seconds { try scan(message, &scoped) } / Double(Self.repeats))
        }
        #expect(plain.acceptedCount == events.count && scoped.fingerprints.count == 2 * events.count)
        let each = 1e9 / Double(events.count)
        let rebuilt =
            (0..<Self.rounds).map { _ in
                seconds { for event in events { _ = event.withUnsafeBytes { scoped.scope?.fingerprint(of: $0) } } }
            }.min() ?? 0
        print(
            """
            scan: \(message.count / events.count) B/event, \(Int(best.plain * each)) ns/event; with a scope \
            \(Int(best.scoped * each)) ns/event (+\(Int((best.scoped / best.plain - 1) * 100)) %); fingerprint of \
            stored bytes \(Int(rebuilt * each)) ns/event
            """)
        #expect(best.scoped / best.plain - 1 <= Self.mostAdded)
    }

    @Test func scopes() throws {
        let duration =
            (0..<20).map { _ in
                seconds {
                    for _ in 0..<100 { _ = StreamScope(identity: Self.identity, metadata: Self.metadata) }
                }
            }.min() ?? 0
        print("scope: \(Int(duration / 100 * 1e9)) ns/stream")
    }

    /// The dearest message for its size: events just large enough to be measured, all of them control characters.
    @Test func largeEvents() throws {
        var event = TranscoderMeasurement.typicalEvent(1)
        event.parameters.privateMetadata.fields["text"] = Google_Protobuf_Value(
            stringValue: String(repeating: "\u{1}", count: 1_670_000))
        let bytes: [UInt8] = try event.serializedBytes()
        let message = Wire.field(0x12, Wire.field(0x0a, bytes))
        var plain = WireScanner()
        var scoped = WireScanner()
        scoped.scope = StreamScope(identity: Self.identity, metadata: Self.metadata)
        let without = try (0..<5).map { _ in try seconds { try scan(message, &plain) } }.min() ?? 0
        let with = try (0..<5).map { _ in try seconds { try scan(message, &scoped) } }.min() ?? 0
        print(
            "event of \(bytes.count) B: scan \(Int(without * 1e6 / Double(Self.repeats))) us, with its size "
                + "measured \(Int(with * 1e6 / Double(Self.repeats))) us")
    }

    /// Memory is no multiple of what the JSON would have: 566 MB here.
    @Test func memoryOfTheLargestEvent() throws {
        let text = [UInt8](repeating: 1, count: 90 << 20)
        let message = Wire.request(eventFields: Wire.field(0x2a, Wire.field(0x0a, Wire.field(0x0a, text))))
        var scanner = WireScanner()
        scanner.scope = StreamScope(identity: Self.identity, metadata: Self.metadata)
        let before = try Self.peakKibibytes()
        let duration = try seconds {
            _ = try message.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
        let added = try Self.peakKibibytes() - before
        print("event of \(text.count) control characters: \(Int(duration * 1e3)) ms, \(added) KiB on top")
        #expect(scanner.refused.map(\.reason) == [.oversized])
        #expect(added < 16 << 10)
    }

    private static func peakKibibytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    private func scan(_ message: [UInt8], _ scanner: inout WireScanner) throws {
        for _ in 0..<Self.repeats {
            _ = try message.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }
}

import FakePubSub
import Foundation
import Runtime
import Store
import TestSupport
import Testing
import Transfer

@testable import Forwarder

@Suite struct DestinationProbeTests {
    private let pubsub = DestinationVerdict(.pubsub(project: "p", topic: "t"))

    private func check(
        _ address: DestinationAddress, settings: DestinationSettings = DestinationSettings(),
        limit: Duration = .seconds(10)
    ) async throws -> PreflightCheck {
        let transfers = try CurlTransfers()
        let check = await DestinationProbe(settings: settings, transfers: transfers, limit: limit).check(address)
        await transfers.shutdown(grace: .zero)
        return check
    }

    @Test func aDirectoryIsWrittenAndLeftEmpty() async throws {
        let directory = try TemporaryDirectory()
        let found = try await check(.file(directory: directory.path))
        #expect(found.verdict == .ok && found.found.contains("removed"), "\(found)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        let later = try await check(.file(directory: directory.path + "/later"))
        #expect(later.verdict == .ok && later.found.contains("will be made"), "\(later)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/later"))
        #expect(try await check(.file(directory: "/nowhere/at/all")).verdict == .problem)
        #expect(try await check(.file(directory: "/etc/hostname")).verdict == .problem)
    }

    @Test func anEmulatorIsAskedForTheTopicAndGetsNoMessage() async throws {
        let fake = try await FakePubSub.start()
        var settings = DestinationSettings()
        settings.pubsub.emulatorHost = "127.0.0.1:\(fake.port)"
        let found = try await check(.pubsub(project: "p", topic: "t"), settings: settings)
        #expect(found.verdict == .ok && found.found.contains("pubsub://p/t"), "\(found)")
        #expect(fake.requests == 0, "nothing was published")
        try await fake.stop()
        let gone = try await check(.pubsub(project: "p", topic: "t"), settings: settings)
        #expect(gone.verdict == .problem && !gone.advice.isEmpty, "\(gone)")
    }

    @Test func whoNeverAnswersIsNotWaitedFor() async throws {
        let gate = Monitor(false)
        let silent = try HTTPTestServer { _ in gate.wait(timeout: nil) { $0 ? .init(200) : nil } ?? .init(500) }
        var settings = DestinationSettings()
        settings.pubsub.emulatorHost = silent.host
        let found = try? await check(.pubsub(project: "p", topic: "t"), settings: settings, limit: .milliseconds(300))
        #expect(found?.verdict == .problem, "\(String(describing: found))")
        // Before the server goes, which waits for its answer.
        withExtendedLifetime(silent) { gate.signal { $0 = true } }
    }

    @Test func theAnswersOfPubSub() {
        func status(_ code: String) -> GRPCUnaryCall.Outcome {
            GRPCUnaryCall.outcome(
                of: HTTPTransferResponse(status: 200, headers: ["grpc-status": code, "grpc-message": "m"], body: []))
        }
        #expect(pubsub.topic(.message([])).verdict == .ok)
        #expect(pubsub.topic(status("5")).found.contains("no such topic"))
        #expect(pubsub.topic(status("12")).verdict == .warning)
        #expect(pubsub.topic(status("14")).verdict == .problem)
        #expect(pubsub.topic(.notGRPC(httpStatus: 502)).verdict == .problem)
        #expect(pubsub.topic(.unreadable).verdict == .problem)
        let permission = "pubsub.topics.publish"
        let granted: [UInt8] = [0x0A, UInt8(permission.utf8.count)] + Array(permission.utf8)
        #expect(pubsub.permissions(.message(granted[...]), permission: permission).verdict == .ok)
        #expect(pubsub.permissions(.message([]), permission: permission).found.contains("may not publish"))
        #expect(pubsub.permissions(.message([0x0A, 0x7F]), permission: permission).verdict == .problem)
        #expect(pubsub.permissions(status("16"), permission: permission).found.contains("UNAUTHENTICATED"))
    }

    @Test func theAnswersOfReceivers() throws {
        let url = try PeerURL("https://receiver/events", allowInsecure: false, adviceOnPlaintext: "")
        let verdict = DestinationVerdict(.webhook(url))
        for status in [200, 204, 404, 405] { #expect(verdict.answered(httpStatus: status).verdict == .ok) }
        #expect(verdict.answered(httpStatus: 503).verdict == .warning)
        #expect(verdict.unreachable("refused").found == "https://receiver/events: can not be reached: refused")
    }

    @Test func aReceiverGetsNoEvent() async throws {
        let server = try HTTPTestServer { _ in .init(405) }
        let url = try PeerURL("http://127.0.0.1:\(server.port)/events", allowInsecure: false, adviceOnPlaintext: "")
        let found = try await check(.webhook(url))
        #expect(found.verdict == .ok && found.found.contains("405"), "\(found)")
        #expect(server.requests.values.map(\.line) == ["OPTIONS /events HTTP/1.1"])
        #expect(server.requests.values.first?.body.isEmpty == true)
    }
}

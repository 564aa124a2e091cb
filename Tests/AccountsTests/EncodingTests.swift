import Foundation
import Secrets
import SwiftProtobuf
import TestSupport
import Testing
import Transfer

@testable import Accounts

@Suite struct EncodingTests {
    @Test func base64IsThatOfFoundation() {
        var generator = SeededGenerator(seed: 11)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let id = String(decoding: bytes, as: UTF8.self)
            let credentials = ClientCredentials(id: id, secret: Secret("s"))
            #expect(
                credentials.basicAuthorization
                    == "Basic " + Data("\(FormEncoding.encode(id)):s".utf8).base64EncodedString())
        }
    }

    @Test func credentialsAreFormEncodedFirst() {
        let credentials = ClientCredentials(id: "a:b", secret: Secret("p w%ü~"))
        #expect(
            credentials.basicAuthorization == "Basic " + Data("a%3Ab:p+w%25%C3%BC~".utf8).base64EncodedString())
    }

    @Test func digestsAreThoseOfSHA256() {
        // printf abc | sha256sum
        #expect(SecretDigest(of: Secret("abc")).prefix == "ba7816bf8f01")
        #expect(SecretDigest(of: Secret("abc")) != SecretDigest(of: Secret("abd")))
    }

    @Test(
        arguments: [
            (0, 0, 0), (1, 5, 1_000_000_005), (-1, 0, -1_000_000_000), (.max, 0, .max), (.min, 0, .min),
            (9_223_372_036, 999_999_999, .max),
        ] as [(Int64, Int64, Int64)])
    func timesSaturate(_ seconds: Int64, _ nanoseconds: Int64, _ expected: Int64) {
        #expect(Introspection.nanoseconds(seconds: seconds, nanoseconds: nanoseconds) == expected)
    }

    @Test(arguments: [(1e300, Int64.max), (-1e300, .min), (1.5, 1_500_000_000)])
    func timesWithAFractionSaturate(_ seconds: Double, _ expected: Int64) {
        #expect(Introspection.nanoseconds(seconds: seconds) == expected)
    }

    @Test func anyBytesAreAnAnswerOrNone() async throws {
        let seed: UInt64 = 20_261_122
        var generator = SeededGenerator(seed: seed)
        let checking = try Checking()
        let good: [UInt8] = try Clients_V1_IntrospectTokenResponse.with {
            $0.active = true
            $0.scopes = ["telemetry_gateway::events::write"]
            $0.clientID = "c"
            $0.expiresAt.seconds = 2_000_000_000
        }.serializedBytes()
        for number in 0..<3000 {
            var bytes = good
            for _ in 0...generator.below(3) {
                bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            if generator.once(in: 4) { bytes.removeLast(generator.below(bytes.count)) }
            let body = [0, 0, 0, 0, UInt8(bytes.count)] + bytes
            checking.accounts.introspection.value = .grpc(body)
            let result = await checking.check("t-\(number)")
            #expect(result.problem != .cancelled, "seed \(seed), number \(number)")
        }
    }
}

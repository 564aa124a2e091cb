internal import Contract
internal import TestSupport
internal import Testing

/// Licence keys made by another implementation.
@Suite struct LicenceVectorTests {
    private static let refusals: [String: LicenceError.Code] = [
        "tampered info": .signatureInvalid,
        "wrong hash for format": .signatureInvalid,
        "unknown format": .signatureFormatUnsupported,
        "no sig member": .signatureMissing,
        "empty": .empty,
        "not base64": .notBase64,
        "padded base64": .notBase64,
        "base64 of non-JSON": .notJSON,
    ]

    @Test(arguments: try LicenceVectors.load().cases) func everyCase(_ vector: LicenceVectors.Case) throws {
        let verifier = try LicenceVerifier(publicKeysFile: LicenceVectors.load().publicKey)
        guard vector.valid else {
            let error = #expect(throws: LicenceError.self) { try verifier.information(of: vector.licenseKey) }
            #expect(error?.code == Self.refusals[vector.name])
            return
        }
        #expect(throws: Never.self) { try verifier.information(of: vector.licenseKey) }
    }

    @Test func thereAreFourteen() throws {
        let vectors = try LicenceVectors.load()
        #expect(vectors.cases.count == 14)
        #expect(Set(vectors.cases.filter { !$0.valid }.map(\.name)) == Set(Self.refusals.keys))
    }

    @Test func whatTheySay() throws {
        let vectors = try LicenceVectors.load()
        let verifier = try LicenceVerifier(publicKeysFile: vectors.publicKey)

        let third = try verifier.information(of: vectors.key("v3 ok"))
        #expect(
            third
                == LicenceInformation(
                    version: 3, tags: ["plan:enterprise-1", "dev"], userCount: 10, createdAt: 1_705_276_800,
                    expiresAt: 1_894_665_600, salesforceSubscriptionID: "AE0000000000",
                    salesforceOpportunityID: "EA0000000000"))
        for name in ["whitespace ok", "rsa-sha2-256 ok", "rsa-sha2-512 ok"] {
            #expect(try verifier.information(of: vectors.key(name)) == third, "\(name)")
        }

        let first = try verifier.information(of: vectors.key("v1 ok"))
        #expect(first.version == 1)
        #expect(first.createdAt == nil)
        #expect(first.salesforceSubscriptionID == nil)
        #expect(first.isExpired(at: 1_700_000_000))

        let empty = try verifier.information(of: vectors.key("null tags ok"))
        #expect(empty.tags.isEmpty)
        #expect(empty.expiresAt == nil)
        #expect(!empty.isExpired(at: .max))
    }

    @Test func anotherPublicKeyRefusesThem() throws {
        let verifier = try LicenceVerifier(publicKeysFile: LicenceIssuer.first.get().publicKeyLine)
        let error = try #require(throws: LicenceError.self) {
            try verifier.information(of: LicenceVectors.load().key("v3 ok"))
        }
        #expect(error.code == .signatureInvalid)
        #expect(error.message.hasPrefix("crypto/rsa: verification error"))
    }

    @Test(arguments: try LicenceVectors.load().cases) func messagesHoldNothingOfTheKey(
        _ vector: LicenceVectors.Case
    ) throws {
        let verifier = try LicenceVerifier(publicKeysFile: LicenceVectors.load().publicKey)
        let pieces = vector.licenseKey.split(whereSeparator: \.isWhitespace).map(String.init)
        if case .failure(let error) = Result(catching: { try verifier.information(of: vector.licenseKey) }) {
            for piece in pieces { #expect(!"\(error)".contains(piece)) }
        }
        if let key = try? LicenceKey(text: vector.licenseKey) {
            #expect("\(key) \(String(reflecting: key)) \([key])".count < 100)
        }
    }
}

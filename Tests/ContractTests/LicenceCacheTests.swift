internal import Contract
internal import Secrets
internal import TestSupport
internal import Testing

/// What is remembered about licence keys, and for how many.
@Suite struct LicenceCacheTests {
    private func cache(verified: Int = 8, refused: Int = 4) throws -> LicenceCache {
        LicenceCache(
            verifier: try LicenceVerifier(publicKeysFile: LicenceIssuer.first.get().publicKeyLine),
            verifiedLimit: verified, refusedLimit: refused)
    }

    @Test func sameAnswerTwice() throws {
        let cache = try cache()
        let issuer = try LicenceIssuer.first.get()
        for text in [try issuer.issue(), "rubbish", "", try LicenceIssuer.second.get().issue()] {
            let digest = SecretDigest(of: text)
            #expect(!cache.remembers(digest))
            let first = cache.check(text)
            #expect(first.digest == digest)
            #expect(cache.remembers(digest))
            #expect(cache.check(text) == first)
            let verifier = try LicenceVerifier(publicKeysFile: issuer.publicKeyLine)
            let direct = Result { () throws(LicenceError) in try verifier.information(of: text) }
            #expect(first.result == direct)
        }
        #expect(cache.count == 4)
    }

    @Test func neverMoreThanTheLimit() throws {
        let cache = try cache(verified: 8, refused: 4)
        let issuer = try LicenceIssuer.first.get()
        for number in 0..<40 {
            #expect(throws: Never.self) { try cache.check(issuer.issue("{\"u\":\(number)}")).result.get() }
            _ = cache.check("rubbish \(number)")
            #expect(cache.count <= 12)
        }
        #expect(cache.count >= 6)
    }

    @Test func badKeysDriveNoGoodOneOut() throws {
        let cache = try cache(verified: 2, refused: 2)
        let text = try LicenceIssuer.first.get().issue()
        _ = cache.check(text)
        for number in 0..<1000 { _ = cache.check("rubbish \(number)") }
        #expect(cache.remembers(SecretDigest(of: text)))
        #expect(cache.count <= 4)
    }

    @Test func whatIsAskedForStays() throws {
        let cache = try cache(refused: 8)
        for number in 0..<200 {
            _ = cache.check("rubbish \(number)")
            _ = cache.check("often")
            #expect(cache.remembers(SecretDigest(of: "often")))
        }
        #expect(!cache.remembers(SecretDigest(of: "rubbish 0")))
    }

    @Test func manyAtOnce() async throws {
        let cache = try cache(verified: 16)
        let issuer = try LicenceIssuer.first.get()
        let texts = try (0..<8).map { try issuer.issue("{\"u\":\($0)}") }
        await withTaskGroup { group in
            for round in 0..<400 {
                group.addTask {
                    let users = try? cache.check(texts[round % 8]).result.get().userCount
                    #expect(users == UInt64(round % 8))
                }
            }
        }
        #expect(cache.count == 8)
    }

    @Test func digest() {
        // The published digest of "abc".
        let digest = SecretDigest(of: "abc")
        #expect(digest.prefix == "ba7816bf8f01")
        #expect(digest.prefix.count == SecretDigest.prefixDigits)
        #expect("\(digest)" == digest.prefix)
        #expect(digest == SecretDigest(of: "abc"))
        #expect(digest != SecretDigest(of: "abc "))
    }
}

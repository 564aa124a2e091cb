internal import Contract
internal import TestSupport
internal import Testing

/// Files of public keys, good and bad.
@Suite struct LicencePublicKeyFileTests {
    private static let exponent: [UInt8] = [1, 0, 1]
    private static let modulus = [UInt8](repeating: 0xc5, count: 256)

    private func problems(_ text: String) -> [LicencePublicKeyError.Problem] {
        #expect(throws: LicencePublicKeyError.self) { try LicenceVerifier(publicKeysFile: text) }?.problems ?? []
    }

    @Test func rotation() throws {
        let old = try LicenceIssuer.first.get()
        let new = try LicenceIssuer.second.get()
        let both = try LicenceVerifier(
            publicKeysFile: "# old\r\n\(old.publicKeyLine)\r\n\r\n  # new\r\n\t\(new.publicKeyLine)  ")
        #expect(both.fingerprints.count == 2)
        #expect(throws: Never.self) { try both.information(of: old.issue()) }
        #expect(throws: Never.self) { try both.information(of: new.issue(format: "ssh-rsa")) }

        let onlyNew = try LicenceVerifier(publicKeysFile: new.publicKeyLine)
        #expect(throws: LicenceError.self) { try onlyNew.information(of: old.issue()) }
        #expect(onlyNew.fingerprints == [both.fingerprints[1]])
    }

    @Test func fingerprintOfTheVectorsKey() throws {
        let vectors = try LicenceVectors.load()
        let fingerprints = try LicenceVerifier(publicKeysFile: vectors.publicKey).fingerprints
        #expect(fingerprints == ["SHA256:2+zqCIUiWO0s1xo9ypqrELAM5/uh3xxpNQzoeCBCKSU"])
    }

    @Test func everyBadLineIsNamed() throws {
        let good = try LicenceIssuer.first.get().publicKeyLine
        let words = good.split(separator: " ")
        let short = SSHLine.make(exponent: Self.exponent, modulus: [UInt8](repeating: 0xc5, count: 255))
        let found = problems(
            """
            \(good)
            ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== comment
            # a remark
            ssh-rsa
            ssh-rsa AAA!
            ssh-rsa \(words[1].dropLast(8))
            \(short)
            """)
        #expect(found.map(\.line) == [2, 4, 5, 6, 7])
        #expect(found.map(\.code) == [.notRSA, .notBase64, .notBase64, .malformed, .tooShort])
        #expect(found.last?.message.contains("2040 bits") == true)
    }

    @Test func damagedKeys() {
        func lines(_ parts: [[UInt8]]) -> LicencePublicKeyError.Code? {
            problems("ssh-rsa " + LicenceBytes.base64(parts.flatMap(\.self))).first?.code
        }
        let type = SSHLine.string(Array("ssh-rsa".utf8))
        let exponent = SSHLine.number(Self.exponent)
        let modulus = SSHLine.number(Self.modulus)
        #expect(lines([type, exponent]) == .malformed)
        #expect(lines([type, exponent, modulus, [0]]) == .malformed)
        #expect(lines([SSHLine.string(Array("ssh-dss".utf8)), exponent, modulus]) == .malformed)
        #expect(lines([type, SSHLine.string(Self.exponent), SSHLine.string(Self.modulus)]) == .malformed)
        #expect(lines([type, SSHLine.number([]), modulus]) == .malformed)
        #expect(lines([type, exponent, [0xff, 0xff, 0xff, 0xff], Self.modulus]) == .malformed)
        #expect(lines([[0, 0]]) == .malformed)
        // An even exponent, one of too many bits, a huge modulus.
        #expect(lines([type, SSHLine.number([4]), modulus]) == .refused)
        #expect(lines([type, SSHLine.number([1, 0, 0, 0, 0, 0, 1]), modulus]) == .refused)
        #expect(lines([type, exponent, SSHLine.number([UInt8](repeating: 0xc5, count: 4096))]) == .refused)
    }

    @Test func pemIsExplained() {
        let publicKey = problems("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
        #expect(publicKey.map(\.code) == [.isPEM])
        #expect(publicKey.first?.message.contains("ssh-keygen -i") == true)
        let privateKey = problems("# key\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")
        #expect(privateKey.map(\.line) == [2])
        #expect(privateKey.first?.message.contains("private key") == true)
    }

    @Test func limits() throws {
        let good = try LicenceIssuer.first.get().publicKeyLine
        func file(_ keys: Int) -> String { Array(repeating: good, count: keys).joined(separator: "\n") }
        #expect(try LicenceVerifier(publicKeysFile: file(LicenceVerifier.maximumKeys)).fingerprints.count == 16)
        #expect(problems(file(LicenceVerifier.maximumKeys + 1)).map(\.code) == [.tooManyKeys])
        #expect(problems("").map(\.code) == [.noKeys])
        #expect(problems("\n# nothing\n").map(\.code) == [.noKeys])
        let large = "#" + String(repeating: " ", count: LicenceVerifier.maximumFileBytes)
        #expect(problems(large).map(\.code) == [.tooLarge])
        let bad = Array(repeating: "rubbish", count: 1000).joined(separator: "\n")
        #expect(problems(bad).count == LicenceVerifier.maximumProblems)
    }

    @Test func messageNamesTheLines() {
        let error = #expect(throws: LicencePublicKeyError.self) { try LicenceVerifier(publicKeysFile: "x\ny") }
        #expect(error?.code == .notRSA)
        #expect(error?.message.hasPrefix("line 1: ") == true)
        #expect(error?.message.contains("; line 2: ") == true)
    }
}

internal import Contract
internal import Foundation
internal import TestSupport
internal import Testing

/// Keys that a throwaway pair signed, in all the shapes that count as one.
@Suite struct LicenceKeyTests {
    private func verifier() throws -> LicenceVerifier {
        try LicenceVerifier(publicKeysFile: LicenceIssuer.first.get().publicKeyLine)
    }

    private func code(_ text: String) throws -> LicenceError.Code? {
        let verifier = try verifier()
        return #expect(throws: LicenceError.self) { try verifier.information(of: text) }?.code
    }

    /// A well-signed key around JSON that `build` writes from format, blob and information in base64.
    private func key(_ build: (_ blob: String, _ information: String) -> String) throws -> String {
        let bytes = Array(LicenceIssuer.information.utf8)
        let blob = try LicenceIssuer.first.get().sign(bytes, format: "rsa-sha2-512")
        return LicenceIssuer.encode(
            build(Data(blob).base64EncodedString(), Data(bytes).base64EncodedString()).utf8)
    }

    @Test(arguments: ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"]) func everyFormat(_ format: String) throws {
        let information = try verifier().information(of: LicenceIssuer.first.get().issue(format: format))
        #expect(information.userCount == 10)
        #expect(information.salesforceOpportunityID == "EA0002")
    }

    @Test(arguments: ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"], ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"])
    func formatsAreNotMixed(made: String, claimed: String) throws {
        let bytes = Array(LicenceIssuer.information.utf8)
        let blob = try LicenceIssuer.first.get().sign(bytes, format: made)
        let text = LicenceIssuer.text(format: claimed, blob: blob, information: bytes)
        let accepted = (try? verifier().information(of: text)) != nil
        #expect(accepted == (made == claimed))
    }

    @Test func whiteSpaceAnywhere() throws {
        let text = try LicenceIssuer.first.get().issue()
        let spaces = [
            "\t", "\n", "\u{b}", "\u{c}", "\r", " ", "\u{85}", "\u{a0}", "\u{1680}", "\u{2003}", "\u{2028}",
            "\u{202f}", "\u{205f}", "\u{3000}", "\r\n",
        ]
        var wrapped = ""
        for (index, character) in text.enumerated() {
            wrapped += index.isMultiple(of: 9) ? spaces[index / 9 % spaces.count] : ""
            wrapped.append(character)
        }
        #expect(wrapped != text)
        #expect(try verifier().information(of: wrapped) == verifier().information(of: text))
        // Looks empty, but is no white space.
        #expect(try code(text + "\u{200b}") == .notBase64)
        #expect(try code(" \n\u{3000}") == .empty)
    }

    @Test func unusedBitsMayBeSet() throws {
        // 1 byte too many for a whole group, so that the last character has four unused bits.
        let text = try key { "{\"info\":\"\($1)\",\"sig\":{\"Blob\":\"\($0)\",\"Format\":\"rsa-sha2-512\"}}" }
        var variants = [text]
        for spaces in 1...2 {
            variants.append(LicenceIssuer.encode(Array(try decoded(text)) + Array(repeating: 32, count: spaces)))
        }
        let open = try #require(variants.first { $0.utf8.count % 4 == 2 })
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let last = try #require(open.last.flatMap { alphabet.firstIndex(of: $0) })
        #expect(alphabet.distance(from: alphabet.startIndex, to: last) % 16 == 0)
        let changed = open.dropLast() + String(alphabet[alphabet.index(after: last)])
        #expect(throws: Never.self) { try verifier().information(of: String(changed)) }
    }

    private func decoded(_ text: String) throws -> Data {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return try #require(Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)))
    }

    @Test func namesOfAnyCaseAndForeignMembers() throws {
        let text = try key {
            """
             { "zig": [{"deep": [1.5e3, -0, true, false, null, "\\u00e9\\ud83d\\ude00"]}],
               "INFO": "\($1)", "Sig": {"FORMAT": "rsa-sha2-512", "blob": "\($0)", "rest": "not base64!"} }
            """
        }
        #expect(try verifier().information(of: text).version == 3)
    }

    @Test func laterMembersCountAndMerge() throws {
        let text = try key {
            """
            {"sig":{"Format":"ssh-ed25519","Blob":"\($0)"},"info":"AAAA","SIG":{"Format":"rsa-sha2-512"},"info":"\($1)"}
            """
        }
        #expect(try verifier().information(of: text).version == 3)
    }

    @Test func signatureWithoutItsLeadingZeros() throws {
        let issuer = try LicenceIssuer.first.get()
        // One signature in 256 begins with a zero.
        for attempt in 0..<20_000 {
            let bytes = Array("{\"u\":\(attempt)}".utf8)
            let blob = try issuer.sign(bytes, format: "ssh-rsa")
            guard blob.first == 0 else { continue }
            let text = LicenceIssuer.text(format: "ssh-rsa", blob: Array(blob.dropFirst()), information: bytes)
            #expect(try verifier().information(of: text).userCount == UInt64(attempt))
            return
        }
        Issue.record("no signature begins with a zero")
    }

    @Test(arguments: [
        ("null", LicenceError.Code.signatureMissing), ("{}", .signatureMissing), ("{\"sig\":null}", .signatureMissing),
        ("[]", .malformed), ("17", .malformed), ("{\"sig\":[]}", .malformed), ("{\"sig\":{\"Format\":1}}", .malformed),
        ("{\"sig\":{\"Blob\":\"A\"}}", .malformed), ("{\"sig\":{\"Blob\":[1,2]}}", .malformed),
        ("{\"sig\":{},\"info\":\"QQ=\"}", .malformed), ("{\"sig\":{}}", .signatureFormatUnsupported),
        ("{\"sig\":{\"Format\":\"ssh-rsa\"}}", .signatureInvalid),
        ("{\"sig\":{\"Format\":\"rsa-sha2-256\",\"Blob\":\"\"},\"info\":\"e30=\"}", .signatureInvalid),
        ("{\"sig\":", .notJSON), ("{\"sig\":{}} x", .notJSON), ("{\"sig\":01}", .notJSON),
        ("{\"a\":\"\u{1}\"}", .notJSON),
        ("{\"a\":\"\\u12\"}", .notJSON), ("{\"a\":\"\\x\"}", .notJSON), ("{,}", .notJSON), ("[1,]", .notJSON),
        ("{\"a\":.5}", .notJSON), ("{\"a\":1.}", .notJSON), ("{\"a\":1e}", .notJSON), ("nul", .notJSON),
        (String(repeating: "[", count: 5000), .notJSON), (String(repeating: "{\"\":", count: 2000), .notJSON),
    ])
    func notAKey(json: String, expected: LicenceError.Code) throws {
        #expect(try code(LicenceIssuer.encode(json.utf8)) == expected)
    }

    @Test func positionsInMessages() throws {
        #expect(throws: LicenceError.self) { try LicenceKey(text: "in!valid") }
        let error = try #require(throws: LicenceError.self) { try LicenceKey(text: " i\nn!valid") }
        #expect(error.message.hasPrefix("illegal base64 data at input byte 2;"))
    }

    @Test func secretLookingFormatIsNotRepeated() throws {
        let secret = "hunter2hunter2"
        let text = LicenceIssuer.text(format: secret, blob: [1], information: [2])
        let error = try #require(throws: LicenceError.self) { try LicenceKey(text: text) }
        #expect(error.code == .signatureFormatUnsupported)
        #expect(!error.message.contains(secret))
        let known = LicenceIssuer.text(format: "ssh-ed25519", blob: [1], information: [2])
        let second = try #require(throws: LicenceError.self) { try LicenceKey(text: known) }
        #expect(second.message.hasPrefix("ssh: signature type ssh-ed25519 for key type ssh-rsa"))
    }

    @Test func longerThanAllowed() throws {
        let text = try LicenceIssuer.first.get().issue()
        let padding = LicenceKey.maximumTextBytes - text.utf8.count
        #expect(throws: Never.self) { try verifier().information(of: text + String(repeating: " ", count: padding)) }
        #expect(try code(text + String(repeating: " ", count: padding + 1)) == .tooLong)
    }

    @Test func longerSignature() throws {
        let bytes = Array(LicenceIssuer.information.utf8)
        let blob = try LicenceIssuer.first.get().sign(bytes, format: "rsa-sha2-256")
        for changed in [[0] + blob, blob + [0], Array(blob.dropLast()), []] {
            let text = LicenceIssuer.text(format: "rsa-sha2-256", blob: changed, information: bytes)
            #expect(try code(text) == .signatureInvalid)
        }
    }
}

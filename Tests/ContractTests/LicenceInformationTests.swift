internal import Contract
internal import Testing

/// The signed bytes, and what follows from them.
@Suite struct LicenceInformationTests {
    private func decode(_ json: String) throws -> LicenceInformation {
        try LicenceInformation(signedBytes: Array(json.utf8))
    }

    @Test(arguments: ["{}", "null", " {\"v\":null,\"t\":null,\"u\":null,\"c\":null,\"e\":null,\"sf_sub_id\":null} "])
    func nothingSaid(_ json: String) throws {
        #expect(try decode(json) == LicenceInformation())
    }

    @Test func everythingSaid() throws {
        let json = """
            {"V":2,"N":[9],"T":["a"," b ",null],"U":18446744073709551615,"C":"0001-01-01T00:00:00Z",
             "E":"2020-02-29T23:59:59.999+05:30","SF_Sub_ID":"s","sf_opp_id":"","x":{"v":7}}
            """
        #expect(
            try decode(json)
                == LicenceInformation(
                    version: 2, tags: ["a", " b ", ""], userCount: .max, createdAt: nil, expiresAt: 1_583_000_999,
                    salesforceSubscriptionID: "s", salesforceOpportunityID: ""))
    }

    @Test(arguments: [
        "", "[]", "1", "{\"v\":\"3\"}", "{\"v\":3.0}", "{\"v\":1e2}", "{\"v\":9223372036854775808}", "{\"u\":-1}",
        "{\"t\":\"dev\"}", "{\"t\":[1]}", "{\"c\":1}", "{\"e\":\"soon\"}", "{\"sf_sub_id\":1}", "{} {}",
    ])
    func malformed(_ json: String) {
        let error = #expect(throws: LicenceError.self) { try decode(json) }
        #expect(error?.code == .informationMalformed)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("1969-12-31T23:59:59Z", -1), ("2000-02-29T12:00:00Z", 951_825_600),
        ("2024-01-15T00:00:00+00:00", 1_705_276_800), ("2024-01-15T01:30:00+01:30", 1_705_276_800),
        ("2024-01-14T23:00:00-01:00", 1_705_276_800), ("9999-12-31T23:59:59.9Z", 253_402_300_799),
        ("0001-01-01T00:00:01Z", -62_135_596_799), ("0000-03-01T00:00:00Z", -62_162_035_200),
    ])
    func times(text: String, seconds: Int64) throws {
        #expect(try decode("{\"e\":\"\(text)\"}").expiresAt == seconds)
    }

    @Test(arguments: [
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
        "2024-01-32T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00z", "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+0100", "2024-1-1T00:00:00Z",
        "2024-01-01T00:00:00ZZ", "", "٢٠٢٤-01-01T00:00:00Z",
    ])
    func notTimes(_ text: String) {
        let error = #expect(throws: LicenceError.self) { try decode("{\"e\":\"\(text)\"}") }
        #expect(error?.code == .informationMalformed)
    }

    @Test func expiry() {
        let licence = LicenceInformation(expiresAt: 1000)
        #expect(!licence.isExpired(at: 999))
        #expect(!licence.isExpired(at: 1000))
        #expect(licence.isExpired(at: 1001))
        #expect(!LicenceInformation().isExpired(at: .max))
    }
}

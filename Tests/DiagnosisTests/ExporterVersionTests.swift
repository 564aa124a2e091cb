internal import Diagnosis
internal import Testing

/// Which texts are versions of the table, and how they order.
@Suite struct ExporterVersionTests {
    @Test(arguments: [
        ("5.2.0", "5.2.0"), ("v5.2.6", "5.2.6"), ("5.3", "5.3.0"), ("5.2.1-rc.1", "5.2.1"),
        ("6.10.11+build", "6.10.11"),
    ])
    func releases(_ text: String, _ expected: String) {
        #expect(ExporterVersion(text)?.description == expected)
    }

    @Test(arguments: [
        "", "dev", "5", "5.", ".5", "5.2.", "5.x.1", "267337_2024-04-25_5.3-4a3b2c1", "0.0.0+dev", "5.2.1.1", "-5.2.1",
        "99999999999999999999.1.1", "５.2.1", "2024.1.1",
    ])
    func everythingElse(_ text: String) {
        #expect(ExporterVersion(text) == nil)
    }

    @Test func numbersAreComparedAsNumbers() throws {
        let texts = ["5.1.9", "5.2.0", "5.2.1", "5.2.5", "5.2.6", "5.10.0", "6.0.0"]
        let versions = try texts.map { try #require(ExporterVersion($0)) }
        #expect(versions == versions.sorted())
    }
}

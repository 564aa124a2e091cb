internal import Contract
internal import Diagnosis
internal import Testing

@Suite struct DiagnosisQueryTests {
    @Test func exactlyOneParameterAsks() {
        #expect(DiagnosisQuery(parameters: [("client", "i")]) == .client("i"))
        #expect(DiagnosisQuery(parameters: [("url", "https://x"), ("pretty", "1")]) == .url("https://x"))
        #expect(DiagnosisQuery(parameters: [("license-digest", "abcdef")]) == .licenceDigest("abcdef"))
        #expect(DiagnosisQuery(parameters: [("event", "e")]) == .event("e"))
        for wrong in [
            [], [("client", "")], [("client", "i"), ("event", "e")], [("client", "i"), ("client", "j")],
            [("license-digest", "abcde")], [("license-digest", "nothex")], [("other", "x")],
        ] as [[(name: String, value: String)]] {
            #expect(DiagnosisQuery(parameters: wrong) == nil, "\(wrong)")
        }
    }

    @Test func theReportIsStableJSON() {
        let check = DiagnosisCheck(.licenceTags, .lookHere, "a \"text\"", next: "do it")
        let report = DiagnosisReport(
            query: .licenceDigest("abcdef"), at: 1_700_000_000_000_000_000,
            diagnoses: [Diagnosis(subject: "i", checks: [check])])
        #expect(report.outcome == .trouble)
        let expected = """
            {"query":{"license-digest":"abcdef"},"at":"2023-11-14T22:13:20.000Z","outcome":"trouble","diagnoses":[\
            {"subject":"i","outcome":"trouble","checks":[{"id":"licence_tags","title":"licence tags",\
            "verdict":"look_here","text":"a \\"text\\""}],"next":["do it"],"sender":null,"event":null}]}
            """
        #expect(String(decoding: report.json.bytes, as: UTF8.self) == expected)
    }
}

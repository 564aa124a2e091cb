import Testing

@testable import Runtime

@Suite struct OperationsQueryTests {
    @Test func parametersAreDecoded() {
        let query = OperationsQuery("client=a%2Fb+c&empty=&bare&client2=%C3%BC%7&client=last&=x&&%6eame=1")
        #expect(query["client"] == "last")
        #expect(query["empty"] == nil && query["bare"] == nil && query["missing"] == nil)
        #expect(query["client2"] == "ü%7")
        #expect(query["name"] == "1")
        #expect(OperationsQuery("q=a%2Fb+c")["q"] == "a/b c")
        #expect(OperationsQuery("q=a=b")["q"] == "a=b")
        #expect(OperationsQuery("q=%FF")["q"] == "\u{FFFD}", "what is no UTF-8 is still a text")
    }
}

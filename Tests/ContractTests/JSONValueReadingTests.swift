import Testing

@testable import Contract

@Suite struct JSONValueReadingTests {
    @Test(arguments: [
        #"{"a":[1,-2.50,true,false,null],"b":{"a":"ü\"\\\n\u0001"},"a":1e400}"#, #""""#, "[]", "{}",
        "9223372036854775808",
    ]) func whatIsReadIsWrittenAgain(_ text: String) throws {
        #expect(String(decoding: try Contract.JSONValue.read(Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "{", "[1,]", "nul", "01", "\"\u{1}\"", "1 2", String(repeating: "[", count: 101)])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: Contract.JSONValue.Problem.self) { try Contract.JSONValue.read(Array(text.utf8)) }
    }
}

import Testing

@testable import Runtime

@Suite struct EnvironmentFileTests {
    private func file(_ text: String, name: String = "gateway.env") -> ConfigurationFile {
        ConfigurationFile(name: name, content: Array(text.utf8))
    }

    @Test(arguments: [
        ("A=1", "1"), ("A=", ""), ("  A=1  ", "1"), ("A= 1 2 ", "1 2"), ("A=a=b", "a=b"), ("A=\"a b\"", "a b"),
        ("A='a \"b\"'", "a \"b\""), (#"A="a \"b\" \\ \c""#, #"a "b" \ \c"#), (#"A='a\b'"#, #"a\b"#), ("A=a#b", "a#b"),
        ("A=\"\"", ""), ("A=é", "é"),
    ])
    func readsAValue(line: String, value: String) {
        let file = file("# comment\n; another\n\n\(line)\r\n")
        #expect(file.problems.isEmpty)
        #expect(file.values == ["A": value])
    }

    @Test(arguments: [
        ("A", nil), ("=1", nil), ("1A=1", nil), ("A B=1", nil), ("export A=1", nil), ("A=\"1", "A"), ("A='1' 2", "A"),
        ("A=1\\", "A"), ("A=1\nA=2", "A"),
    ])
    func saysWhichLineIsWrong(text: String, key: String?) {
        let file = file("# comment\n\(text)\n")
        #expect(file.problems.count == 1)
        #expect(file.problems.first?.key == key)
        let line = text.contains("\n") ? 3 : 2
        #expect(file.problems.first?.message.hasPrefix("gateway.env line \(line): ") == true, "\(file.problems)")
    }

    @Test func doesNotRepeatALineThatHasLostItsKey() {
        let file = file("hunter2")
        #expect(file.problems.count == 1 && !"\(file.problems)".contains("hunter2"))
    }

    @Test func knowsJSONByItsNameOrItsBrace() {
        #expect(file(#" {"A": 1}"#).values == ["A": "1"])
        #expect(!file("A=1", name: "gateway.json").problems.isEmpty)
        #expect(file("# nothing is set\n").problems.isEmpty, "a file whose keys are all comments is one")
        #expect(!file(" \n").problems.isEmpty, "an empty file is none")
        #expect(!ConfigurationFile(name: "x", content: [0x41, 0x3D, 0xFF]).problems.isEmpty, "not UTF-8")
    }
}

internal import Runtime

/// Builds one JSON object, member by member.
struct JSONObjectBuilder {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: String, _ text: String) {
        begin(name)
        JSONText.appendQuoted(text, to: &bytes)
    }

    mutating func add(_ name: String, _ number: Int) {
        begin(name)
        bytes += Array(String(number).utf8)
    }

    mutating func add(_ name: String, _ texts: [String]) {
        begin(name)
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func add(_ name: String, _ object: consuming JSONObjectBuilder) {
        begin(name)
        bytes += object.finish()
    }

    /// The whole object.
    consuming func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONText.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}

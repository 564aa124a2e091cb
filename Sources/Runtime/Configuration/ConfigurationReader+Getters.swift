extension ConfigurationReader {
    /// Declares and reads a decimal integer.
    package mutating func integer(
        _ name: String, default defaultValue: Int, in range: ClosedRange<Int>, unit: String? = nil, meaning: String
    ) -> Int {
        let declaration = ConfigurationDeclaration(
            name: name, type: "integer", unit: unit, allowed: Self.text(range), meaning: meaning)
        return read(declaration, default: defaultValue, parse: Self.integer(in: range), format: { String($0) })
            ?? defaultValue
    }

    /// Declares and reads a decimal integer without default; returns the lower bound when it is missing.
    package mutating func requiredInteger(
        _ name: String, in range: ClosedRange<Int>, unit: String? = nil, meaning: String
    ) -> Int {
        let declaration = ConfigurationDeclaration(
            name: name, type: "integer", unit: unit, allowed: Self.text(range), meaning: meaning, required: true)
        return read(declaration, default: nil, parse: Self.integer(in: range), format: { String($0) })
            ?? range.lowerBound
    }

    /// Declares and reads `true` or `false` (`1` and `0` are taken too, in any letter case).
    package mutating func boolean(_ name: String, default defaultValue: Bool, meaning: String) -> Bool {
        let declaration = ConfigurationDeclaration(
            name: name, type: "boolean", allowed: "true or false", meaning: meaning)
        let parse: (String) -> Bool? = { text in
            switch text.lowercased() {
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        }
        return read(declaration, default: defaultValue, parse: parse, format: { String($0) }) ?? defaultValue
    }

    /// Declares and reads a span of time: an integer with the unit `ms`, `s`, `m`, `h` or `d`.
    package mutating func duration(
        _ name: String, default defaultValue: Duration, in range: ClosedRange<Duration>, meaning: String
    ) -> Duration {
        let allowed = "from \(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        let declaration = ConfigurationDeclaration(
            name: name, type: "duration", unit: "ms, s, m, h or d", allowed: allowed, meaning: meaning)
        let parse: (String) -> Duration? = { text in
            DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
        return read(declaration, default: defaultValue, parse: parse, format: DurationText.format) ?? defaultValue
    }

    /// Declares and reads a number of bytes: an integer, alone or with `B`, `kB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, `GiB`, `TiB`.
    package mutating func byteCount(
        _ name: String, default defaultValue: Int, in range: ClosedRange<Int>, meaning: String
    ) -> Int {
        let allowed = "from \(ByteCountText.format(range.lowerBound)) to \(ByteCountText.format(range.upperBound))"
        let declaration = ConfigurationDeclaration(
            name: name, type: "bytes", unit: "B, kB, MB, GB, KiB, MiB or GiB", allowed: allowed, meaning: meaning)
        let parse: (String) -> Int? = { text in
            ByteCountText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
        return read(declaration, default: defaultValue, parse: parse, format: ByteCountText.format) ?? defaultValue
    }

    /// Declares and reads a number of bytes that may be left out: nil then.
    package mutating func optionalByteCount(_ name: String, in range: ClosedRange<Int>, meaning: String) -> Int? {
        let allowed = "from \(ByteCountText.format(range.lowerBound)) to \(ByteCountText.format(range.upperBound))"
        let declaration = ConfigurationDeclaration(
            name: name, type: "bytes", unit: "B, kB, MB, GB, KiB, MiB or GiB", allowed: allowed, meaning: meaning)
        return read(
            declaration, default: nil,
            parse: { text in ByteCountText.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            format: ByteCountText.format)
    }

    /// Declares and reads a span of time that may be left out: nil then.
    package mutating func optionalDuration(
        _ name: String, in range: ClosedRange<Duration>, meaning: String
    ) -> Duration? {
        let allowed = "from \(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        let declaration = ConfigurationDeclaration(
            name: name, type: "duration", unit: "ms, s, m, h or d", allowed: allowed, meaning: meaning)
        return read(
            declaration, default: nil,
            parse: { text in DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            format: DurationText.format)
    }

    /// Declares and reads a text with a default.
    package mutating func string(
        _ name: String, default defaultValue: String, meaning: String, secret: Bool = false
    ) -> String {
        let declaration = ConfigurationDeclaration(name: name, type: "text", meaning: meaning, secret: secret)
        return read(declaration, default: defaultValue, parse: { $0 }, format: { $0 }) ?? defaultValue
    }

    /// Declares and reads a text that may be left out: nil then.
    package mutating func optionalString(_ name: String, meaning: String, secret: Bool = false) -> String? {
        let declaration = ConfigurationDeclaration(name: name, type: "text", meaning: meaning, secret: secret)
        return read(declaration, default: nil, parse: { $0 }, format: { $0 })
    }

    /// Declares and reads a text without which the process does not start; returns "" when it is missing.
    package mutating func requiredString(_ name: String, meaning: String, secret: Bool = false) -> String {
        let declaration = ConfigurationDeclaration(
            name: name, type: "text", meaning: meaning, secret: secret, required: true)
        return read(declaration, default: nil, parse: { $0 }, format: { $0 }) ?? ""
    }

    /// Declares and reads a path, relative ones being relative to the working directory.
    package mutating func path(_ name: String, default defaultValue: String, meaning: String) -> String {
        let declaration = ConfigurationDeclaration(name: name, type: "path", meaning: meaning)
        return read(declaration, default: defaultValue, parse: { $0 }, format: { $0 }) ?? defaultValue
    }

    /// Declares and reads a path that may be left out: nil then.
    package mutating func optionalPath(_ name: String, meaning: String) -> String? {
        read(
            ConfigurationDeclaration(name: name, type: "path", meaning: meaning),
            default: nil, parse: { $0 }, format: { $0 })
    }

    /// Declares and reads a comma separated list; spaces around an element do not count, an empty element is a problem.
    package mutating func list(_ name: String, default defaultValue: [String], meaning: String) -> [String] {
        let declaration = ConfigurationDeclaration(
            name: name, type: "list", allowed: "comma separated, no empty element", meaning: meaning)
        let parse: (String) -> [String]? = { text in
            let elements = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
            return elements.contains("") ? nil : elements
        }
        return read(declaration, default: defaultValue, parse: parse, format: { $0.joined(separator: ",") })
            ?? defaultValue
    }

    /// Declares and reads one of the names of an enumeration.
    package mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, default defaultValue: Value, meaning: String
    ) -> Value where Value.RawValue == String {
        let allowed = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
        let declaration = ConfigurationDeclaration(name: name, type: "name", allowed: allowed, meaning: meaning)
        return read(declaration, default: defaultValue, parse: { Value(rawValue: $0) }, format: \.rawValue)
            ?? defaultValue
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max
            ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func integer(in range: ClosedRange<Int>) -> (String) -> Int? {
        // `Int("+5")` is a number to Swift but a slip in a configuration.
        { text in text.hasPrefix("+") ? nil : Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

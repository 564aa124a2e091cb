extension ByteMutator.Kind {
    /// The text of a licence key, at any of its levels.
    static let licence = ByteMutator.Kind(
        telling: [
            "=", "==", "-", "_", "+", "/", " ", "\n", "\r", "\u{a0}", "\u{2003}", "\u{200b}", "\"", "\\", "\\u",
            "\\ud83d",
            "{", "}", "[", "]", ":", ",", "null", "true", "0", "-1", "1e9", "{}", "[[[[", "\u{0}", "\u{ff}",
            "\"sig\":null,",
            "\"INFO\":\"\",", "\"sig\":{},", "\"Format\":\"rsa-sha2-512\",", "\"Format\":\"ssh-rsa\",",
            "\"Blob\":null,",
            "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512", "A", "\u{17f}",
        ].map { Array($0.utf8) },
        mutations: 3, span: 8, splice: 40)
}

extension ByteMutator.Kind {
    /// JSON.
    static let body = ByteMutator.Kind(
        telling: [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "\\u", "\\ud83d", "\\u0000", "\n", "\r\n", " ", "\t",
            "null",
            "true", "0", "-", "1e999", "-0.0", "1e-400", "99999999999999999999", "{}", "[[[[[[[[", "}}", "\u{0}",
            "\u{feff}", "NaN", "\"NaN\"", "\"id\":\"x\",", "\"newer\":1,", "\"parameters\":{\"privateMetadata\":{",
            "\"timestamp\":\"9999-12-31T23:59:59.999999999Z\",", "'", "//", "é", "\u{2028}", "👩‍🚀",
        ].map { Array($0.utf8) },
        mutations: 4, span: 12, splice: 80)
}

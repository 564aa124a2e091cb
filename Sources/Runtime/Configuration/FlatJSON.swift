/// One JSON object of texts, numbers and booleans; members of another shape are passed over.
package enum FlatJSON {
    /// The members, numbers and booleans as they are written; nil when the bytes are not one JSON object.
    package static func values(_ bytes: [UInt8]) -> [String: String]? {
        var parser = FlatJSONParser(bytes)
        return try? parser.parse().values
    }
}

/// Times as text, for example `2024-01-15T00:00:00Z` or `2024-01-15T01:00:00+01:00`.
package enum TimestampText {
    /// Seconds since 1970, fractions cut off; nil when the text is not such a time.
    package static func seconds(_ text: String) -> Int64? { RFC3339.seconds(text) }
}

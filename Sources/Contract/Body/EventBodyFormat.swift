/// How the events stand in the body of an HTTP request.
package enum EventBodyFormat: Sendable, Hashable, CaseIterable {
    /// One protojson event a line; blank lines mean nothing.
    case lines
    /// One JSON array of protojson events.
    case array

    /// The media type of this format.
    package var mediaType: String {
        switch self {
        case .lines: "application/x-ndjson"
        case .array: "application/json"
        }
    }

    /// What one item is called in texts for people.
    package var itemName: String {
        switch self {
        case .lines: "line"
        case .array: "element"
        }
    }

    /// The format that a Content-Type names, parameters such as `charset` aside; nil for every other type.
    package init?(contentType: String) {
        let type = contentType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard let format = Self.allCases.first(where: { $0.mediaType == type }) else { return nil }
        self = format
    }
}

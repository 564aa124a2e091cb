/// NDJSON of made events.
enum EventLines {
    /// Events with the ids `event-0`, `event-1` and so on.
    static func make(_ count: Int) -> String { (0..<count).map { make(id: "event-\($0)") }.joined() }

    /// One event with its newline.
    static func make(id: String) -> String {
        #"{"id":"\#(id)","timestamp":"2026-01-02T03:04:05Z","feature":"search","action":"view"}"# + "\n"
    }
}

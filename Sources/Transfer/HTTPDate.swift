internal import CCurl

/// Dates in HTTP headers: `Sun, 06 Nov 1994 08:49:37 GMT` and the older forms.
enum HTTPDate {
    // As dates before 1970 are of no use here, libcurl's -1 for "not a date" is no loss.
    /// Seconds since 1970; nil when the text is no date.
    static func seconds(_ text: String) -> Int64? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }
}

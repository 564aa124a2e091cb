/// What every answer of the console tells browsers besides.
enum ConsoleHeaders {
    /// Nothing but the page's own files is loaded, run or asked, nothing is framed, and no text becomes markup.
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    /// For the page's files.
    static let page = common.merging(["Content-Security-Policy": policy]) { $1 }

    /// For answers with data.
    static let data = common.merging([
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Vary": "Cookie, Authorization",
    ]) { $1 }

    private static let common = [
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    ]
}

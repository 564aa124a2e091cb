internal import Runtime

/// A file of the page, embedded into the binary.
struct PageFile: Sendable {
    /// Its path below `/console/`.
    let name: String
    let contentType: String
    let bytes: [UInt8]

    /// All files of the page.
    static let all: [PageFile] = [
        PageFile(name: "", contentType: "text/html; charset=utf-8", bytes: PackageResources.console_html),
        PageFile(name: "console.css", contentType: "text/css; charset=utf-8", bytes: PackageResources.console_css),
        PageFile(name: "icon.svg", contentType: "image/svg+xml", bytes: PackageResources.icon_svg),
        script("theme.js", PackageResources.theme_js),
        script("main.js", PackageResources.main_js),
        script("server.js", PackageResources.server_js),
        script("elements.js", PackageResources.elements_js),
        script("words.js", PackageResources.words_js),
        script("chart.js", PackageResources.chart_js),
        script("acting.js", PackageResources.acting_js),
        script("signing.js", PackageResources.signing_js),
        script("overview.js", PackageResources.overview_js),
        script("destinations.js", PackageResources.destinations_js),
        script("clients.js", PackageResources.clients_js),
        script("missing.js", PackageResources.missing_js),
        script("letters.js", PackageResources.letters_js),
        script("acts.js", PackageResources.acts_js),
    ]

    /// The route that serves it.
    var route: OperationsRoute {
        .get(ConsolePaths.page + name) { _ in
            OperationsResponse(
                status: 200, contentType: contentType, body: bytes, headers: ConsoleHeaders.page)
        }
    }

    private static func script(_ name: String, _ bytes: [UInt8]) -> PageFile {
        PageFile(name: name, contentType: "text/javascript; charset=utf-8", bytes: bytes)
    }
}

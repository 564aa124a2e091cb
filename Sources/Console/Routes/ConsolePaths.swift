/// Where the console is on the port.
enum ConsolePaths {
    /// The page, and its files below.
    static let page = "/console/"
    /// What the page asks, and scripts with a bearer token.
    static let data = "/console/api/"
}

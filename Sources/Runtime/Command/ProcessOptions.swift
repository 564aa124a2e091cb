/// The parsed command line of a process.
struct ProcessOptions {
    /// A command line that cannot be obeyed.
    struct UsageError: Error {
        var message: String
    }

    enum Action {
        case run
        case help
        case version
        case checkConfiguration
    }

    private(set) var action = Action.run
    private(set) var configurationPath: String?

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": action = .help
            case "--version": if action != .help { action = .version }
            case "--check-config": if action == .run { action = .checkConfiguration }
            case "--config":
                guard let path = rest.popFirst(), !path.isEmpty, !path.hasPrefix("--") else {
                    throw UsageError(message: "--config needs the path of a file")
                }
                try setPath(path)
            case _ where argument.hasPrefix("--config="):
                let path = String(argument.dropFirst("--config=".count))
                guard !path.isEmpty else { throw UsageError(message: "--config needs the path of a file") }
                try setPath(path)
            case _ where argument.hasPrefix("-"):
                throw UsageError(message: "unknown flag \(argument); settings are environment variables")
            default:
                throw UsageError(message: "unexpected argument \(argument); this process takes flags only")
            }
        }
    }

    private mutating func setPath(_ path: String) throws(UsageError) {
        guard configurationPath == nil else { throw UsageError(message: "--config is given twice") }
        configurationPath = path
    }
}

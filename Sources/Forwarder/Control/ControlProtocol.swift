/// The names and limits of the forwarder's control socket: HTTP/1.1 with JSON bodies.
package enum ControlProtocol {
    /// Grows when a command changes its meaning; it is part of the paths, so that two versions never misunderstand
    /// each other.
    package static let version = 1
    /// Takes a command by POST.
    package static let commandPath = "/v\(version)/command"
    /// Tells how delivery goes by GET.
    package static let statusPath = "/v\(version)/status"
    /// Longest body of a command, in bytes; the ids of many dead letters fit in.
    package static let maximumCommandBytes = 4 << 20
    /// How long a command may take: it is recorded with fsync, and may be about a million dead letters.
    package static let commandTime = Duration.seconds(600)
    /// Longest answer, in bytes.
    package static let maximumAnswerBytes = 16 << 20
}

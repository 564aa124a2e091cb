/// The named limits of a console.
package struct ConsoleLimits: Sendable, Hashable {
    /// People signed in at once; beyond, the one that was seen longest ago is signed out.
    package var sessions = 256
    /// A session ends after so long without a request.
    package var idleTime = Duration.seconds(3600)
    /// A session ends after so long whatever happens.
    package var sessionTime = Duration.seconds(12 * 3600)
    /// Whoever gave the admin token may act for so long.
    package var actingTime = Duration.seconds(1800)
    /// Wrong secrets from one address at once.
    package var attempts = 10
    /// After so long one more is allowed.
    package var attemptPause = Duration.seconds(6)
    /// Wrong secrets from all addresses together at once.
    package var attemptsOfAll = 100
    /// After so long one more of all is allowed.
    package var attemptPauseOfAll = Duration.seconds(1)
    /// Addresses that are told apart.
    package var addresses = 1024
    /// Longest body of a request, in bytes.
    package var bodyBytes = 64 << 10
    /// Characters of the name under which somebody acts.
    package var nameCharacters = 64
    /// Rows in one answer at most.
    package var rows = 50
    /// Acts in one answer at most.
    package var acts = 500
    /// Bytes of an event that is still shown in the page.
    package var eventBytes = 256 << 10
    /// An answer that was read from files is given again for so long.
    package var cacheTime = Duration.seconds(1)
    /// Answers that are kept.
    package var cachedAnswers = 32
    /// Readings of files that may wait for their turn.
    package var waitingReadings = 16
    /// Clients are counted again after so long, or after ``countingFactor`` times what it took, whichever is longer.
    package var countingPause = Duration.seconds(5)
    /// See ``countingPause``.
    package var countingFactor = 20

    /// The standard limits.
    package init() {}
}

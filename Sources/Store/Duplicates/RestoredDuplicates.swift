/// What a starting writer remembers of the segments on disk.
package struct RestoredDuplicates: Sendable, Hashable {
    /// How many events it can remember at most; 0 when there is no memory for any, and duplicates are not recognised.
    package var capacity = 0
    /// How many events it remembers.
    package var events = 0
    /// How many segments were read.
    package var segments = 0
    /// Nanoseconds that it took.
    package var nanoseconds: Int64 = 0
    /// Whether the time ran out before the window was full or everything was read.
    package var ranOutOfTime = false
    /// What could not be read, for people; events in it are not recognised when they come again.
    package var problems: [String] = []

    /// The most problems that are told one by one.
    package static let maximumProblems = 16

    /// Nothing remembered.
    package init() {}

    mutating func add(problem: String) {
        if problems.count < Self.maximumProblems { problems.append(problem) }
    }
}

/// Values of rows that may be damaged: what is read is brought into a range in which it can be calculated with.
extension Statement {
    /// More than this is nothing: sums of many stay far from the end of the integers.
    private static let largestCount: Int64 = 1 << 53
    /// The difference of two times fits.
    private static let farthestTime: Int64 = 1 << 62

    /// How many of something there are; never negative.
    func count(_ column: Int32) -> Int64 { min(max(0, integer(column)), Self.largestCount) }

    /// A time in nanoseconds since 1970.
    func time(_ column: Int32) -> Int64 { Self.time(integer(column)) }

    /// The same for a number that was read otherwise.
    static func time(_ number: Int64) -> Int64 { min(max(-farthestTime, number), farthestTime) }
}

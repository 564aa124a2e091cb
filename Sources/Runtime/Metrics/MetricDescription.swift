/// What is known about a metric besides its values.
package struct MetricDescription: Sendable, Equatable {
    /// The HELP text, one sentence.
    package var help: String
    /// Upper bounds of the buckets of a histogram, ascending, without infinity; nil for the default of its kind.
    package var buckets: [Double]?

    package init(help: String, buckets: [Double]? = nil) {
        self.help = help
        self.buckets = buckets
    }
}

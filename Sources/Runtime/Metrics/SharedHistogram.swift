/// A histogram that takes many observations at once; made by `PrometheusRegistry.sharedHistogram`.
package struct SharedHistogram: Sendable {
    let metric: HistogramMetric

    /// An empty collection for this histogram.
    package var observations: HistogramObservations { HistogramObservations(bounds: metric.bounds) }

    /// Adds what was collected with ``observations``.
    package func add(_ observations: HistogramObservations) {
        metric.add(observations.values)
    }
}

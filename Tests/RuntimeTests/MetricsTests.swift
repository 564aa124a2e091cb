import CoreMetrics
import Testing

@testable import Runtime

struct MetricsTests {
    @Test func theTextIsStable() {
        let descriptions = MetricDescriptions()
        descriptions.describe("ingest.events", help: "Events accepted.\nBack\\slash")
        descriptions.describe("commit_duration_seconds", help: "Time of a commit.", buckets: [0.01, 0.001, 0.01])
        descriptions.describe("batch-events", help: "Events in a batch.", buckets: [1, 10])
        let registry = PrometheusRegistry(descriptions: descriptions)
        Counter(label: "ingest.events", dimensions: [("source", "a\"b\\c\nd"), ("1st", "x")], factory: registry)
            .increment(by: 5)
        Counter(label: "ingest.events", dimensions: [("1st", "x"), ("source", "a")], factory: registry).increment()
        FloatingPointCounter(label: "busy_seconds_total", factory: registry).increment(by: 0.25)
        let gauge = Meter(label: "queue.depth", factory: registry)
        gauge.set(7)
        gauge.decrement(by: 0.5)
        Recorder(label: "temperature", aggregate: false, factory: registry).record(-3)
        let timer = Timer(label: "commit.duration", factory: registry)
        timer.recordNanoseconds(1_000_000)
        timer.recordMilliseconds(5)
        timer.recordSeconds(2)
        Recorder(label: "batch-events", dimensions: [("le", "x")], factory: registry).record(4)
        #expect(
            registry.exposition() == """
                # HELP batch_events Events in a batch.
                # TYPE batch_events histogram
                batch_events_bucket{label_le="x",le="1"} 0
                batch_events_bucket{label_le="x",le="10"} 1
                batch_events_bucket{label_le="x",le="+Inf"} 1
                batch_events_sum{label_le="x"} 4
                batch_events_count{label_le="x"} 1
                # TYPE busy_seconds_total counter
                busy_seconds_total 0.25
                # HELP commit_duration_seconds Time of a commit.
                # TYPE commit_duration_seconds histogram
                commit_duration_seconds_bucket{le="0.001"} 1
                commit_duration_seconds_bucket{le="0.01"} 2
                commit_duration_seconds_bucket{le="+Inf"} 3
                commit_duration_seconds_sum 2.006
                commit_duration_seconds_count 3
                # HELP ingest_events_total Events accepted.\\nBack\\\\slash
                # TYPE ingest_events_total counter
                ingest_events_total{_1st="x",source="a"} 1
                ingest_events_total{_1st="x",source="a\\"b\\\\c\\nd"} 5
                # TYPE queue_depth gauge
                queue_depth 6.5
                # TYPE temperature gauge
                temperature -3

                """)
    }

    @Test func theSameMetricMadeTwiceIsOneSeries() {
        let registry = PrometheusRegistry()
        Counter(label: "same_total", factory: registry).increment()
        Counter(label: "same", factory: registry).increment()
        #expect(registry.exposition() == "# TYPE same_total counter\nsame_total 2\n")
    }

    @Test func seriesBeyondTheLimitAreCountedAsOther() {
        let registry = PrometheusRegistry(maximumSeriesPerMetric: 2)
        for index in 0..<10 {
            let labels = [("client", "c\(index)"), ("kind", "k")]
            Counter(label: "requests", dimensions: labels, factory: registry).increment()
        }
        Counter(label: "requests", dimensions: [("client", "c0"), ("kind", "k")], factory: registry).increment()
        #expect(
            registry.exposition() == """
                # TYPE requests_total counter
                requests_total{client="c0",kind="k"} 2
                requests_total{client="c1",kind="k"} 1
                requests_total{client="other",kind="other"} 8

                """)
    }

    @Test func aNameBelongsToTheKindThatTookItFirst() {
        let registry = PrometheusRegistry()
        Meter(label: "depth", factory: registry).set(1)
        Recorder(label: "depth", factory: registry).record(5)
        #expect(registry.exposition() == "# TYPE depth gauge\ndepth 1\n")
    }

    @Test func countersOnlyGrowAndSurviveDestroy() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "c", factory: registry)
        counter.increment(by: 3)
        counter.increment(by: -2)
        counter.destroy()
        let floating = FloatingPointCounter(label: "f", factory: registry)
        floating.increment(by: -1)
        floating.increment(by: Double.nan)
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total 3\n# TYPE f_total counter\nf_total 0\n")
    }

    @Test func refreshersRunBeforeTheText() {
        let registry = PrometheusRegistry()
        registry.onExposition { Meter(label: "late", factory: registry).set(3) }
        #expect(registry.exposition() == "# TYPE late gauge\nlate 3\n")
    }

    @Test func concurrentIncrementsAreAllCounted() async {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "c", factory: registry)
        let floating = FloatingPointCounter(label: "f", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.increment()
                        floating.increment(by: 0.5)
                        timer.recordSeconds(1)
                    }
                }
            }
        }
        let text = registry.exposition()
        #expect(text.contains("\nc_total 8000\n") || text.hasPrefix("# TYPE c_total counter\nc_total 8000\n"))
        #expect(text.contains("\nf_total 4000\n"))
        #expect(text.contains("\nt_seconds_count 8000\n"))
    }

    @Test func theStartIsMeasuredOnce() throws {
        func seconds() -> Substring? {
            PrometheusRegistry(process: ProcessMetrics(process: "sample")).exposition().split(separator: "\n")
                .first { $0.hasPrefix("gateway_startup_seconds ") }
        }
        StartupTime.markReady()
        let first = try #require(seconds())
        let value = try #require(Double(first.dropFirst("gateway_startup_seconds ".count)))
        #expect(value >= 0 && value < 86_400)
        StartupTime.markReady()
        #expect(seconds() == first)
    }

    @Test func theProcessIsMeasured() throws {
        let text = PrometheusRegistry(process: ProcessMetrics(process: "sample")).exposition()
        #expect(text.contains("\ntelemetry_gateway_build_info{process=\"sample\",version=\"0.1.0\"} 1\n"))
        for name in [
            "process_resident_memory_bytes", "process_open_fds", "process_max_fds", "process_start_time_seconds",
        ] {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            let value = try #require(Double(line.dropFirst(name.count + 1)))
            #expect(value > 0, "\(name)")
        }
        let start = try #require(text.split(separator: "\n").first { $0.hasPrefix("process_start_time_seconds ") })
        let age = Double(WallClock.now()) / 1e9 - (Double(start.split(separator: " ")[1]) ?? 0)
        #expect(age >= -1 && age < 86_400)
    }

    @Test(arguments: [
        (1.0, "1"), (0.1, "0.1"), (-2.5, "-2.5"), (Double.infinity, "+Inf"), (-Double.infinity, "-Inf"),
        (1e20, "1e+20"),
    ])
    func numbersAreWrittenAsPrometheusReadsThem(value: Double, expected: String) {
        #expect(PrometheusText.number(value) == expected)
    }
}

/// What the kernel knows about this process.
package struct ProcessMetrics: Sendable {
    private let process: String
    private let startTime: Double

    /// - Parameter process: the name of the executable, a label of `build_info`.
    package init(process: String) {
        self.process = process
        self.startTime = Double(WallClock.now()) / 1_000_000_000 - ProcessUsage.ageSeconds()
    }

    func families() -> [MetricFamily] {
        let usage = ProcessUsage.read()
        let startup = StartupTime.seconds.map {
            gauge("gateway_startup_seconds", "From the start of the process until it was ready.", $0)
        }
        return [startup].compactMap { $0 } + [
            gauge(
                "telemetry_gateway_build_info", "Always 1; the labels tell what runs.", 1,
                labels: [("process", process), ("version", GatewayVersion.current)]),
            counter("process_cpu_seconds_total", "CPU time used, user and system, in seconds.", usage.cpuSeconds),
            gauge("process_max_fds", "Most file descriptors the process may have open.", usage.maximumDescriptors),
            gauge("process_open_fds", "File descriptors open now.", usage.openDescriptors),
            gauge("process_resident_memory_bytes", "Memory resident now, in bytes.", usage.residentBytes),
            gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", startTime),
        ]
    }

    private func gauge(
        _ name: String, _ help: String, _ value: Double, labels: [(String, String)] = []
    ) -> MetricFamily {
        let metric = GaugeMetric()
        metric.set(value)
        return MetricFamily(
            name: name, kind: .gauge, help: help, series: [PrometheusText.labels(labels): .gauge(metric)])
    }

    private func counter(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        let metric = FloatingPointCounterMetric()
        metric.increment(by: value)
        return MetricFamily(name: name, kind: .counter, help: help, series: ["": .floatingPointCounter(metric)])
    }
}

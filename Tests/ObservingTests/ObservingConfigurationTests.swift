import Runtime
import Testing
import Transfer

@testable import Observing

@Suite struct ObservingConfigurationTests {
    private static func read(
        _ environment: [String: String]
    ) throws -> (configuration: ObservingConfiguration, warnings: [String]) {
        var reader = ConfigurationReader(environment: environment)
        let configuration = ObservingConfiguration(&reader, process: "telemetry-test")
        return (configuration, try reader.finish().warnings)
    }

    @Test func everyKeyIsKnown() {
        var reader = ConfigurationReader(environment: [:])
        _ = ObservingConfiguration(&reader, process: "test")
        let names = Set(reader.keys.map(\.name))
        #expect(names.subtracting(KnownKeys.shared).isEmpty)
        #expect(names.filter { $0.hasPrefix("OTEL_") } == KnownKeys.shared.filter { $0.hasPrefix("OTEL_") })
    }

    @Test func nothingIsExportedUnlessSomebodyAsks() throws {
        let configuration = try Self.read(["OTEL_SERVICE_NAME": "x", "ENVIRONMENT_ID": "dev"]).configuration
        #expect(configuration.traces == nil)
        #expect(configuration.errors == nil)
        for off in ["OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "none"] {
            let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", off.key: off.value]
            #expect(try Self.read(environment).configuration.traces == nil)
        }
    }

    @Test(
        arguments: [
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"], "http://collector:4318/v1/traces"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://host/otlp/"], "https://host/otlp/v1/traces"),
            (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://host/in"], "https://host/in"),
            (
                [
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "https://other",
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://host/in",
                ], "https://host/in"
            ),
        ])
    func whereSpansGo(_ environment: [String: String], _ expected: String) throws {
        #expect(try Self.read(environment).configuration.traces?.endpoint.text == expected)
    }

    @Test func whatIsSaidOfTheProcess() throws {
        let traces = try #require(
            try Self.read([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "ENVIRONMENT_ID": "prod",
                "OTEL_RESOURCE_ATTRIBUTES": "team=data%2Cplatform, service.version = 9",
                "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=a%20b", "OTEL_EXPORTER_OTLP_TIMEOUT": "2500",
                "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.5",
            ]).configuration.traces)
        let resource = Dictionary(traces.resource.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        #expect(resource["service.name"] == "telemetry-test")
        #expect(resource["service.version"] == "9")
        #expect(resource["team"] == "data,platform")
        #expect(resource["deployment.environment.name"] == "prod")
        #expect(traces.resource.count == resource.count, "each name stands once")
        #expect(traces.headers.map(\.value) == ["a b"])
        #expect(traces.timeout == .milliseconds(2500))
        #expect(traces.sampler == TraceSampler(.ratio, ratio: 0.5))
    }

    @Test(
        arguments: [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://u:p@h"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "s3cr3t"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=s3cr3t%0d%0ab: c"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=s3cr3t%zz"), ("OTEL_RESOURCE_ATTRIBUTES", "a,b"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
            ("OTEL_TRACES_SAMPLER", "jaeger_remote"), ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
            ("OTEL_TRACES_SAMPLER_ARG", "nan"), ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
        ])
    func whatIsWrongIsSaid(_ key: String, _ value: String) {
        var reader = ConfigurationReader(environment: [key: value, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "11"])
        _ = ObservingConfiguration(&reader, process: "test")
        #expect(reader.problems.count == 1, "\(reader.problems)")
        #expect(!"\(reader.problems)".contains("s3cr3t"))
    }

    @Test func secretsOnAnOpenWireAreWarnedOf() throws {
        let headers = ["OTEL_EXPORTER_OTLP_HEADERS": "authorization=x"]
        func warnings(_ endpoint: String) throws -> Int {
            try Self.read(headers.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint]) { $1 }).warnings.count
        }
        #expect(try warnings("http://collector:4318") == 1)
        #expect(try warnings("http://localhost:4318") == 0)
        #expect(try warnings("https://collector:4318") == 0)
    }
}

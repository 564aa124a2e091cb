import Contract
import Runtime
import Testing

@testable import Ingest

@Suite struct SourceLabelsTests {
    @Test func servicesThatAreNotNamedShareOneLabel() {
        let labels = SourceLabels(services: ["cody-gateway"])
        #expect(labels.label(of: .managedService(serviceID: "cody-gateway", environment: nil)) == "cody-gateway")
        for number in 0..<100 {
            #expect(labels.label(of: .managedService(serviceID: "service-\(number)", environment: nil)) == "other")
        }
        #expect(labels.label(of: .unlicensedInstance(instanceID: "i", externalURL: "")) == "unlicensed_instance")
        #expect(
            labels.label(of: .licensedInstance(licenseKey: "", instanceID: "i", externalURL: ""))
                == "licensed_instance")
    }

    @Test func everySeriesIsPresentAtZero() {
        let registry = PrometheusRegistry()
        _ = IngestMetrics(services: ["cody-gateway"], factory: registry)
        let text = registry.exposition()
        for line in [
            #"events_lost_total{reason="acknowledged_before_commit"} 0"#,
            #"gateway_quarantined_events_total{reason="oversized"} 0"#,
            #"gateway_refused_calls_total{reason="unauthenticated"} 0"#,
            #"telemetry_gateway_record_events_processed_events_total{result="success",source="cody-gateway",succeeded="true"} 0"#,
            #"telemetry_gateway_record_event_processed_events_total{error="false",source="other"} 0"#,
            #"telemetry_gateway_record_events_payload_length_count{result="partial_failure",source="licensed_instance"} 0"#,
            #"telemetry_gateway_record_events_total_length_count{error="true",source="invalid"} 0"#,
            "gateway_duplicate_events_total 0", "gateway_commit_seconds_count 0",
        ] {
            #expect(text.contains(line + "\n"), "no series \(line)")
        }
    }

    @Test(arguments: [(5, 0, "success"), (0, 0, "success"), (3, 2, "partial_failure"), (0, 4, "complete_failure")])
    func resultsAreThoseOfTheOldService(recorded: Int, refused: Int, label: String) {
        #expect(BatchResult(recorded: recorded, refused: refused).rawValue == label)
    }
}

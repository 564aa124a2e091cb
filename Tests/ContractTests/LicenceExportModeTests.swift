internal import Contract
internal import Testing

/// Which events a licence lets an instance send.
@Suite struct LicenceExportModeTests {
    private static let recent = ExportMode.exportedSince + 3600

    private func mode(_ tags: [String], createdAt: Int64? = Self.recent) -> ExportMode {
        ExportMode(licence: LicenceInformation(tags: tags, createdAt: createdAt))
    }

    @Test func referenceCases() {
        #expect(ExportMode(licence: nil) == .all)
        #expect(mode(["disable-telemetry-events-export"]) == .codyOnly)
        #expect(ExportMode(licence: LicenceInformation()) == .codyOnly)
        #expect(mode([], createdAt: ExportMode.exportedSince - 3600) == .codyOnly)
        #expect(mode([], createdAt: ExportMode.exportedSince + 3600) == .all)
    }

    @Test func theCutOffItselfExports() {
        #expect(mode([], createdAt: 1_696_377_600) == .all)
        #expect(mode([], createdAt: 1_696_377_599) == .codyOnly)
    }

    @Test func tags() {
        #expect(mode(["allow-air-gapped"]) == .disabled)
        #expect(mode(["disable-telemetry-events-export", "allow-air-gapped"]) == .disabled)
        #expect(mode(["allow-air-gapped"], createdAt: nil) == .disabled)
        #expect(mode(["dev", " \tdisable-telemetry-events-export "]) == .codyOnly)
        // Only the one tag is compared without the white space around it, and case counts.
        #expect(mode([" allow-air-gapped"]) == .all)
        #expect(
            mode(["Allow-Air-Gapped", "DISABLE-TELEMETRY-EVENTS-EXPORT", "trial", "allow-anonymous-usage"]) == .all)
        #expect(mode(["disable-telemetry-events-export-not"]) == .all)
    }

    @Test func features() {
        #expect(ExportMode.all.permits(feature: "search"))
        #expect(!ExportMode.disabled.permits(feature: "cody"))
        #expect(ExportMode.codyOnly.permits(feature: "cody"))
        #expect(ExportMode.codyOnly.permits(feature: "cody.chat"))
        #expect(!ExportMode.codyOnly.permits(feature: "codyx"))
        #expect(!ExportMode.codyOnly.permits(feature: "search"))
        #expect(!ExportMode.codyOnly.permits(feature: ""))
    }
}

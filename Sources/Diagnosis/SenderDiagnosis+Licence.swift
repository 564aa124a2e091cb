internal import Contract
internal import Store

/// What its licence and its version let it export.
extension SenderDiagnosis {
    var licenceTags: DiagnosisCheck {
        guard let sender else { return notKnown(.licenceTags) }
        if sender.kind != .licensedInstance { return DiagnosisCheck(.licenceTags, .ok, noLicence(sender)) }
        guard let licence = sender.licence else {
            return DiagnosisCheck(.licenceTags, .notKnown, "no genuine licence key has come from it")
        }
        let tags = licence.tags.isEmpty ? "no tags" : "tags \(licence.tags.joined(separator: ", "))"
        let named = "licence \(licence.digest), \(tags)"
        switch ExportMode(licence: LicenceInformation(licence)) {
        case .all: return DiagnosisCheck(.licenceTags, .ok, "\(named): all events are exported")
        case .disabled:
            // An instance that sends all the same was told so by its own environment.
            return DiagnosisCheck(
                .licenceTags, sender.accepted == 0 ? .problem : .lookHere,
                "\(named): \(ExportMode.airGappedTag) disables the export"
                    + (sender.accepted == 0 ? "" : "; events come all the same"),
                next:
                    "its licence has the tag \(ExportMode.airGappedTag), with which instances export nothing: a new licence "
                    + "without it is needed if events are wanted")
        case .codyOnly where licence.tags.contains { $0.contains(ExportMode.codyOnlyTag) }:
            return DiagnosisCheck(
                .licenceTags, .lookHere,
                "\(named): \(ExportMode.codyOnlyTag) leaves events of the feature cody only",
                next: "its licence has the tag \(ExportMode.codyOnlyTag): events of other features stay on the instance"
            )
        case .codyOnly:
            return DiagnosisCheck(
                .licenceTags, .lookHere,
                "\(named), made before \(Ages.day(ExportMode.exportedSince)): events of the feature cody only by default",
                next:
                    "its licence is from before the export: unless the instance sets EXPORT_USAGE_DATA_ENABLED=true, events "
                    + "of other features than cody stay there")
        }
    }

    var licence: DiagnosisCheck {
        guard let sender else { return notKnown(.licence) }
        if sender.kind != .licensedInstance { return DiagnosisCheck(.licence, .ok, noLicence(sender)) }
        guard let licence = sender.licence else {
            return DiagnosisCheck(.licence, .notKnown, "no genuine licence key has come from it")
        }
        guard let expiresAt = licence.expiresAt else { return DiagnosisCheck(.licence, .ok, "it never expires") }
        let day = Ages.day(expiresAt)
        guard expiresAt < facts.now / 1_000_000_000 else { return DiagnosisCheck(.licence, .ok, "valid until \(day)") }
        // Only where it is enforced does it cost events.
        let isRefused = refusalHolds && sender.lastRefusal?.reason == "licence"
        return DiagnosisCheck(
            .licence, isRefused ? .problem : .lookHere,
            "expired on \(day)" + (isRefused ? " and refused" : "; its events are accepted all the same"),
            next: isRefused
                ? "renew its licence, or accept expired ones (GATEWAY_LICENSE_ENFORCEMENT=warn)"
                : "its licence is expired: the instance itself may have switched things off")
    }

    private func noLicence(_ sender: SenderRecord) -> String {
        switch sender.kind {
        case .managedService: "a managed service has no licence"
        case .unknown: "it has not said who it is"
        default: "no licence: all events are exported"
        }
    }

    // MARK: - Version

    var version: DiagnosisCheck {
        guard let sender else { return notKnown(.version) }
        if sender.kind == .managedService {
            return DiagnosisCheck(
                .version, .ok, sender.version.isEmpty ? "a managed service" : "a managed service, \(sender.version)")
        }
        guard !sender.version.isEmpty else {
            return DiagnosisCheck(.version, .notKnown, "no event of it has said a version yet")
        }
        guard let version = ExporterVersion(sender.version) else {
            return DiagnosisCheck(
                .version, .notKnown, "“\(sender.version)” is no release that the version table knows")
        }
        if version < .first {
            return DiagnosisCheck(
                .version, .problem,
                "\(sender.version) exports nothing by itself: that began with \(ExporterVersion.first)",
                next: "update the instance to \(ExporterVersion.byDefault) or later")
        }
        if version < .byDefault {
            return DiagnosisCheck(
                .version, .lookHere,
                "\(sender.version) exports only with an address and a feature flag set; by default from "
                    + "\(ExporterVersion.byDefault)",
                next: "update the instance to \(ExporterVersion.byDefault) or later, or see that the feature flag "
                    + "telemetry-export is on")
        }
        if version < .externalURL {
            return DiagnosisCheck(
                .version, .lookHere,
                "\(sender.version) exports by default and does not send its external URL (from "
                    + "\(ExporterVersion.externalURL))",
                next: "search its events downstream by instance id, not by external URL")
        }
        return DiagnosisCheck(.version, .ok, "\(sender.version) exports by default and sends its external URL")
    }
}

extension LicenceInformation {
    /// As far as the directory keeps it.
    fileprivate init(_ licence: SenderLicence) {
        self.init(tags: licence.tags, createdAt: licence.createdAt, expiresAt: licence.expiresAt)
    }
}

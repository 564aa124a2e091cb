internal import Runtime
internal import Store
internal import Transfer

/// What the answers of a destination mean. Pure: answers in, verdicts out.
struct DestinationVerdict: Sendable {
    private static let name = "destination"
    private static let notFound = 5
    private static let unimplemented = 12
    private static let permissionsField: UInt64 = 1

    /// The destination, as people know it.
    let destination: String

    init(_ address: DestinationAddress) {
        destination =
            switch address {
            case .file(let directory): "file://\(directory)"
            case .pubsub(let project, let topic): "pubsub://\(project)/\(topic)"
            case .webhook(let url): url.text
            case .kafka(let broker, let topic): "kafka://\(broker)/\(topic)"
            }
    }

    func notAsked(_ why: String) -> PreflightCheck { check(.notChecked, why) }

    func failed(_ why: String, advice: String) -> PreflightCheck { check(.problem, why, advice) }

    func silent(after limit: Duration) -> PreflightCheck {
        check(.problem, "no answer within \(limit)", "look at the network, and at proxies and firewalls between")
    }

    func unreachable(_ why: String) -> PreflightCheck {
        check(.problem, "can not be reached: \(why)", "look at the address, the network and the peer's certificate")
    }

    /// A directory that can not be written, or is not there.
    func directory(_ facts: FileFacts, parent: FileFacts, isRelative: Bool) -> PreflightCheck {
        guard facts.errorNumber != 0 else {
            return check(
                .problem, facts.isDirectory ? "can not be written by this user" : "is no directory",
                "give the directory to the service's user, or name another one")
        }
        if isRelative || (parent.errorNumber == 0 && parent.isWritable) {
            return check(.ok, "is not there yet and will be made")
        }
        return check(
            .problem, "\(ErrorNumber.text(facts.errorNumber)), and can not be made in its parent",
            "mount the volume, or make the directory")
    }

    func written(_ latency: SyncLatency) -> PreflightCheck {
        check(.ok, "a file was written, synced (\(latency.longest / 1000) µs) and removed")
    }

    /// The answer to OPTIONS: whatever it is, somebody is there.
    func answered(httpStatus status: Int) -> PreflightCheck {
        let found =
            "answers OPTIONS with HTTP status \(status); whether it takes events is not known, because none was sent"
        return status >= 500 ? check(.warning, found, "look at the receiver") : check(.ok, found)
    }

    /// The answer to GetTopic.
    func topic(_ outcome: GRPCUnaryCall.Outcome) -> PreflightCheck {
        switch outcome {
        case .message: check(.ok, "the topic is there; nothing was published")
        case .status(let status) where status.code == Self.notFound:
            check(.problem, "there is no such topic", "make the topic, or correct the name")
        case .status(let status) where status.code == Self.unimplemented:
            check(.warning, "answers, and does not say whether the topic is there (\(status.name))")
        default: unexpected(outcome)
        }
    }

    /// The answer to TestIamPermissions.
    func permissions(_ outcome: GRPCUnaryCall.Outcome, permission: String) -> PreflightCheck {
        guard case .message(let message) = outcome else { return unexpected(outcome) }
        var fields = ProtobufFields(message)
        do {
            while let field = try fields.next() {
                guard field.number == Self.permissionsField, case .bytes(let text) = field.content else { continue }
                if String(decoding: text, as: UTF8.self) == permission {
                    return check(.ok, "the account may publish to the topic; nothing was published")
                }
            }
        } catch {
            return unexpected(.unreadable)
        }
        return check(
            .problem, "the topic is not there, or the account may not publish to it (\(permission))",
            "make the topic, or give the account roles/pubsub.publisher on it")
    }

    private func unexpected(_ outcome: GRPCUnaryCall.Outcome) -> PreflightCheck {
        switch outcome {
        case .status(let status):
            check(.problem, "answers \(status.name)", "look at the account, the project and the service's status")
        case .notGRPC(let status):
            check(
                .problem, "HTTP status \(status) without gRPC: something else answers",
                "look at the address and proxies")
        case .message, .unreadable:
            check(.problem, "its answer can not be read", "look at the address: this is no Pub/Sub")
        }
    }

    private func check(_ verdict: PreflightCheck.Verdict, _ found: String, _ advice: String = "") -> PreflightCheck {
        PreflightCheck(Self.name, verdict, "\(destination): \(found)", advice: advice)
    }
}

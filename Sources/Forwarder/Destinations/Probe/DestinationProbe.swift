package import Runtime
internal import Secrets
internal import Store
package import Transfer

/// Finds out whether a destination can be reached and would take events, without giving it any.
///
/// Pub/Sub: Google is asked which permissions this account has on the topic (`TestIamPermissions`, which needs none
/// itself); an emulator, which knows no permissions, for the topic (`GetTopic`). `https`: a request with the method
/// OPTIONS, without a body and without credentials. Files: a file is written, synced and removed. Kafka is not asked.
package struct DestinationProbe: Sendable {
    private let settings: DestinationSettings
    private let transfers: CurlTransfers
    private let limit: Duration

    /// - Parameters:
    ///   - transfers: stay the caller's to shut down.
    ///   - limit: for one destination.
    package init(settings: DestinationSettings, transfers: CurlTransfers, limit: Duration) {
        self.settings = settings
        self.transfers = transfers
        self.limit = limit
    }

    /// Asks one destination. Takes a little longer than the limit at most.
    package func check(_ address: DestinationAddress) async -> PreflightCheck {
        await withTaskGroup(of: PreflightCheck?.self) { group in
            group.addTask { await ask(address) }
            group.addTask {
                try? await Task.sleep(for: limit + .milliseconds(200))
                return Task.isCancelled
                    ? nil : DestinationVerdict(address).silent(after: limit)
            }
            defer { group.cancelAll() }
            while let answer = await group.next() {
                if let check = answer { return check }
            }
            return DestinationVerdict(address).silent(after: limit)
        }
    }

    private func ask(_ address: DestinationAddress) async -> PreflightCheck {
        let verdict = DestinationVerdict(address)
        switch address {
        case .file(let directory): return await ask(directory: directory, verdict)
        case .pubsub(let project, let topic): return await ask(project: project, topic: topic, verdict)
        case .webhook(let url): return await ask(url, verdict)
        case .kafka: return verdict.notAsked("Kafka is not asked")
        }
    }

    private func ask(directory: String, _ verdict: DestinationVerdict) async -> PreflightCheck {
        let answer = await TimeLimit.run(limit) { () -> PreflightCheck in
            let facts = FileFacts(path: directory)
            guard facts.errorNumber == 0, facts.isDirectory, facts.isWritable else {
                let parent = FileFacts(path: Self.parent(of: directory))
                return verdict.directory(facts, parent: parent, isRelative: !directory.hasPrefix("/"))
            }
            do throws(StoreError) {
                return verdict.written(try SyncLatency.measured(in: directory, count: 1, limit: 0))
            } catch {
                return verdict.failed(error.message, advice: "mend the disk, or name another directory")
            }
        }
        return answer ?? verdict.silent(after: limit)
    }

    private func ask(_ url: PeerURL, _ verdict: DestinationVerdict) async -> PreflightCheck {
        do throws(TransferError) {
            let response = try await transfers.execute(
                HTTPTransferRequest(
                    url: url.text, method: .options, security: url.security, timeout: limit,
                    maximumResponseBytes: WebhookLimits.responseBytes))
            return verdict.answered(httpStatus: response.status)
        } catch {
            return verdict.unreachable(error.message)
        }
    }

    private func ask(project: String, topic: String, _ verdict: DestinationVerdict) async -> PreflightCheck {
        let path = "projects/\(project)/topics/\(topic)"
        do {
            let endpoint = try PubSubEndpoint.resolve(
                emulatorHost: settings.pubsub.emulatorHost,
                credentials: GoogleCredentials(source: settings.pubsub.credentials, exchange: transfers.exchange))
            guard case .google(let credentials) = endpoint else {
                return verdict.topic(
                    try await call("google.pubsub.v1.Publisher/GetTopic", at: endpoint, [(1, path)], token: nil))
            }
            let token = try await credentials.token()
            let permission = "pubsub.topics.publish"
            let outcome = try await call(
                "google.iam.v1.IAMPolicy/TestIamPermissions", at: endpoint, [(1, path), (2, permission)],
                token: token.value.value)
            await credentials.shutdown()
            return verdict.permissions(outcome, permission: permission)
        } catch let error as DestinationConfigurationError {
            return verdict.failed(error.message, advice: "mend the configuration")
        } catch let error as DeliveryError {
            return verdict.failed(error.message, advice: "mend the credentials")
        } catch let error as TransferError {
            return verdict.unreachable(error.message)
        } catch {
            return verdict.unreachable("\(error)")
        }
    }

    /// Calls a method whose request has nothing but texts.
    private func call(
        _ method: String, at endpoint: PubSubEndpoint, _ fields: [(number: UInt8, text: String)], token: String?
    ) async throws(TransferError) -> GRPCUnaryCall.Outcome {
        var message: [UInt8] = []
        for field in fields {
            message += [field.number << 3 | 2] + Self.varint(field.text.utf8.count) + Array(field.text.utf8)
        }
        var framed: [UInt8] = []
        GRPCFrame.appendHeader(messageBytes: message.count, to: &framed)
        let call = GRPCUnaryCall(
            url: "\(endpoint.url)/\(method)", security: endpoint.security,
            maximumResponseBytes: PubSubLimits.responseBytes)
        let headers = token.map { [HTTPTransferRequest.Header("authorization", "Bearer \($0)")] } ?? []
        let response = try await transfers.execute(
            call.request(framedMessage: framed + message, headers: headers, deadline: limit))
        return GRPCUnaryCall.outcome(of: response)
    }

    private static func varint(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = UInt(max(0, number))
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

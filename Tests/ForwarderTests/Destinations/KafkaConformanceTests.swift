#if Kafka
    import CRDKafka
    import Testing

    @testable import Forwarder

    /// The Kafka destination keeps every promise of `DestinationConformance` at librdkafka's mock cluster.
    @Suite(.timeLimit(.minutes(2)), .serialized) struct KafkaConformanceTests {
        private struct Target: ConformanceTarget {
            let directory: TemporaryDirectory
            let destination: any Destination
            // Of one partition.
            let keepsOrder = true
            let cluster: KafkaMockCluster

            init(deadline: Duration = .seconds(30)) throws {
                directory = try TemporaryDirectory()
                try directory.write("# for tests\nreconnect.backoff.max.ms = 100\n\n", to: "properties")
                cluster = try KafkaMockCluster()
                var settings = KafkaSettings()
                settings.deadline = deadline
                settings.propertiesFile = directory.path + "/properties"
                destination = try KafkaDestination(
                    broker: cluster.broker, topic: KafkaMockCluster.topic, settings: settings)
            }

            func setFailure(_ failure: ConformanceFailure?) -> Bool {
                cluster.forgetFailures()
                cluster.setReachable(failure != .unavailable)
                switch failure {
                case nil, .unavailable: break
                case .refused: cluster.failNext(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
                case .unauthenticated: cluster.failNext(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
                }
                return true
            }

            func finish(expecting expected: Int) async throws -> [ReceivedMessage] {
                await destination.shutdown()
                return try await cluster.messages(expecting: expected)
            }
        }

        @Test func messagesArriveIntact() async throws {
            try await DestinationConformance.messagesArriveIntact(Target())
        }

        @Test func onlyTheRangeIsDelivered() async throws {
            try await DestinationConformance.onlyTheRangeIsDelivered(Target())
        }

        @Test func manyDeliveriesAtOnceAllArrive() async throws {
            try await DestinationConformance.manyDeliveriesAtOnceAllArrive(Target())
        }

        @Test func theLargestRequestIsTaken() async throws {
            try await DestinationConformance.theLargestRequestIsTaken(Target())
        }

        @Test func whatIsTooLargeIsRefusedUnsent() async throws {
            try await DestinationConformance.whatIsTooLargeIsRefusedUnsent(Target())
        }

        // Not the shared promise that a failure ends with its cause: librdkafka remembers a topic that it may not use until
        // it next asks for the cluster's metadata.
        @Test func failuresHaveTheirScope() async throws {
            let target = try Target(deadline: .seconds(5))
            for failure in ConformanceFailure.allCases {
                for messages in [[TestMessage.numbered(1)], [.numbered(1), .numbered(2)]] {
                    _ = target.setFailure(failure)
                    let error = await #expect(throws: DeliveryError.self) {
                        try await target.destination.deliver(DeliveryRequest(messages))
                    }
                    #expect(error?.scope == failure.scope, "\(failure)")
                }
            }
            await target.destination.shutdown()
        }

        @Test func shutdownRefusesWhatComesLater() async throws {
            try await DestinationConformance.shutdownRefusesWhatComesLater(Target())
        }

        @Test func aCancelledDeliveryIsLocal() async throws {
            let target = try Target()
            target.cluster.setReachable(false)
            let destination = target.destination
            let error = await withTaskGroup(of: DeliveryError?.self) { group in
                group.addTask {
                    do throws(DeliveryError) {
                        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
                        return nil
                    } catch {
                        return error
                    }
                }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(error?.code == .cancelled)
            #expect(error?.scope == .local)
            await destination.shutdown()
        }

        // Numbers as <librdkafka/rdkafka.h> has them, so that the test does not share a constant with the table.
        @Test(arguments: [
            (10, DeliveryError.Code.invalid, DeliveryError.Scope.batch, false), (2, .invalid, .batch, false),
            (4, .invalid, .batch, false), (87, .invalid, .batch, false), (18, .invalid, .batch, false),
            (3, .notFound, .destination, false), (-188, .notFound, .destination, false),
            (-190, .notFound, .destination, false), (17, .notFound, .destination, false),
            (29, .permissionDenied, .destination, false), (31, .permissionDenied, .destination, false),
            (-169, .unauthenticated, .destination, false), (58, .unauthenticated, .destination, false),
            (-181, .tls, .destination, true), (-193, .dns, .destination, true), (-195, .connect, .destination, true),
            (-187, .connect, .destination, true), (-192, .timeout, .destination, true),
            (-185, .timeout, .destination, true), (7, .timeout, .destination, true), (89, .quota, .destination, true),
            (-184, .overloaded, .local, true), (-197, .shutDown, .local, true), (-152, .shutDown, .local, true),
            (-151, .shutDown, .local, true), (-163, .cancelled, .local, true), (6, .unavailable, .destination, true),
            (-1, .unavailable, .destination, true),
        ])
        func resultsOfTheLibrary(
            _ number: Int32, _ code: DeliveryError.Code, _ scope: DeliveryError.Scope, _ isRetriable: Bool
        ) {
            let verdict = DeliveryErrorTable.verdict(kafkaCode: rd_kafka_resp_err_t(rawValue: number))
            #expect(verdict.code == code && verdict.scope == scope && verdict.isRetriable == isRetriable)
        }

        @Test(arguments: ["no.such.property=SECRET", "SECRET", "=SECRET"])
        func propertiesThatAreNoneAreRefused(_ text: String) throws {
            let directory = try TemporaryDirectory()
            try directory.write(text, to: "properties")
            var settings = KafkaSettings()
            settings.propertiesFile = directory.path + "/properties"
            let error = #expect(throws: DestinationConfigurationError.self) {
                try KafkaDestination(broker: "127.0.0.1:1", topic: "t", settings: settings)
            }
            #expect(error?.message.contains("GATEWAY_KAFKA_PROPERTIES_FILE") == true)
            #expect(error?.message.contains("SECRET") == false)
        }
    }
#endif

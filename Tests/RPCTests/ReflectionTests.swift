internal import GRPCCore
internal import RPC
internal import SwiftProtobuf
internal import Testing

@Suite("grpc.reflection", .timeLimit(.minutes(1)))
struct ReflectionTests {
    private typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
    private typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

    private static let gatewayFile = "telemetrygateway/v1/telemetrygateway.proto"
    private static let structFile = "google/protobuf/struct.proto"
    private static let timestampFile = "google/protobuf/timestamp.proto"
    private static let healthFile = "grpc/health/v1/health.proto"

    @Test(
        "list_services tells every service, under the new name of reflection and the old",
        arguments: [ReflectionMethods.information, ReflectionMethods.oldInformation])
    func listsServices(method: MethodDescriptor) async throws {
        try await StandardServices.serve { services async throws in
            let answer = try await services.ask(.listServices("*"), method: method)
            guard case .listServicesResponse(let list) = answer else {
                Issue.record("answered \(String(describing: answer))")
                return
            }
            #expect(
                list.service.map(\.name) == [
                    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                    "grpc.reflection.v1alpha.ServerReflection", GatewayMethods.serviceName,
                ])
        }
    }

    @Test("What the descriptors say is what is registered")
    func tellsTheTruth() async throws {
        var router = try StandardServices.router(HealthStatus())
        for method in [GatewayMethods.recordEvents, GatewayMethods.recordEvent] {
            router.registerHandler(forMethod: method, deserializer: RawMessageCodec(), serializer: RawMessageCodec()) {
                _, _ in StreamingServerResponse(error: RPCError(code: .unimplemented, message: ""))
            }
        }
        let registered = Set(router.methods.map(\.fullyQualifiedMethod))
        try await StandardServices.serve { services async throws in
            var described: Set<String> = []
            for service in try ReflectionService().services {
                let file = try #require(try await files(.fileContainingSymbol(service), services).first)
                for declared in file.service where "\(file.package).\(declared.name)" == service {
                    described.formUnion(declared.method.map { "\(service)/\($0.name)" })
                }
            }
            #expect(described == registered)
        }
    }

    @Test("file_by_filename gives the file, then all that it imports")
    func findsFiles() async throws {
        try await StandardServices.serve { services async throws in
            let gateway = try await files(.fileByFilename(Self.gatewayFile), services)
            #expect(gateway.first?.name == Self.gatewayFile)
            #expect(Set(gateway.map(\.name)) == [Self.gatewayFile, Self.structFile, Self.timestampFile])
            #expect(gateway.count == 3)
            #expect(gateway.allSatisfy { file in file.dependency.allSatisfy(gateway.map(\.name).contains) })
            let imported = try await files(.fileByFilename(Self.timestampFile), services)
            #expect(imported.map(\.name) == [Self.timestampFile])
        }
    }

    @Test(
        "file_containing_symbol knows services, methods, messages, nested ones, fields, enums and their values",
        arguments: [
            (GatewayMethods.serviceName, gatewayFile),
            ("\(GatewayMethods.serviceName).RecordEvents", gatewayFile),
            ("telemetrygateway.v1.Event", gatewayFile),
            ("telemetrygateway.v1.Event.feature", gatewayFile),
            ("telemetrygateway.v1.EventSource.Client", gatewayFile),
            ("telemetrygateway.v1.Identifier.identifier", gatewayFile),
            ("telemetrygateway.v1.EventParameters.MetadataEntry", gatewayFile),
            ("google.protobuf.Struct", structFile),
            ("google.protobuf.NullValue", structFile),
            ("google.protobuf.NULL_VALUE", structFile),
            ("grpc.health.v1.Health.Watch", healthFile),
            ("grpc.health.v1.HealthCheckResponse.ServingStatus", healthFile),
            ("grpc.health.v1.HealthCheckResponse.SERVING", healthFile),
            ("grpc.reflection.v1.ServerReflection", "grpc/reflection/v1/reflection.proto"),
            ("grpc.reflection.v1alpha.ServerReflectionRequest", "grpc/reflection/v1alpha/reflection.proto"),
        ])
    func findsSymbols(symbol: String, file: String) async throws {
        try await StandardServices.serve { services async throws in
            #expect(try await files(.fileContainingSymbol(symbol), services).first?.name == file)
        }
    }

    @Test("Our response is told of with its additive fields")
    func tellsAdditiveFields() async throws {
        try await StandardServices.serve { services async throws in
            let file = try #require(try await files(.fileByFilename(Self.gatewayFile), services).first)
            let response = try #require(file.messageType.first { $0.name == "RecordEventsResponse" })
            let numbers = Dictionary(uniqueKeysWithValues: response.field.map { ($0.name, $0.number) })
            #expect(numbers == ["succeeded_events": 1, "rejections": 1000, "duplicates": 1001])
        }
    }

    @Test("Unknown names, extensions and empty questions get an error, and the stream goes on")
    func answersWithErrors() async throws {
        let notFound = Int32(RPCError.Code.notFound.rawValue)
        let questions: [(Request.OneOf_MessageRequest?, Int32)] = [
            (.fileByFilename("other.proto"), notFound),
            (.fileByFilename(""), notFound),
            (.fileContainingSymbol("telemetrygateway.v1.Evnt"), notFound),
            (.fileContainingSymbol("telemetrygateway.v1"), notFound),
            (.fileContainingSymbol(".telemetrygateway.v1.Event"), notFound),
            (.fileContainingExtension(.with { $0.containingType = "telemetrygateway.v1.Event" }), notFound),
            (.allExtensionNumbersOfType("telemetrygateway.v1.Evnt"), notFound),
            (.allExtensionNumbersOfType(GatewayMethods.serviceName), notFound),
            (nil, Int32(RPCError.Code.invalidArgument.rawValue)),
        ]
        let requests = questions.map { question in
            Request.with {
                $0.host = "here"
                $0.messageRequest = question.0
            }
        }
        try await StandardServices.serve { services async throws in
            let responses = try await services.ask(requests)
            #expect(responses.map(\.errorResponse.errorCode) == questions.map(\.1))
            #expect(responses.allSatisfy { !$0.errorResponse.errorMessage.isEmpty })
            #expect(responses.map(\.originalRequest) == requests)
            #expect(responses.allSatisfy { $0.validHost == "here" })
        }
    }

    @Test("A message of ours has no extensions")
    func tellsNoExtensions() async throws {
        try await StandardServices.serve { services async throws in
            let name = "telemetrygateway.v1.Event"
            let answer = try await services.ask(.allExtensionNumbersOfType(name))
            #expect(answer == .allExtensionNumbersResponse(.with { $0.baseTypeName = name }))
        }
    }

    @Test("A stream on which nothing is asked does not hold up a graceful shutdown")
    func endsAtShutdown() async throws {
        try await StandardServices.serve { services async throws in
            let (asking, noMore) = AsyncStream.makeStream(of: Void.self)
            let error = await #expect(throws: RPCError.self) {
                try await services.client.bidirectionalStreaming(
                    request: StreamingClientRequest { writer in
                        try await writer.write(.with { $0.listServices = "" })
                        for await _ in asking {}
                    }, descriptor: ReflectionMethods.information, serializer: ProtobufCodec<Request>(),
                    deserializer: ProtobufCodec<Response>(), options: StandardServices.options
                ) { response in
                    defer { noMore.finish() }
                    for try await _ in response.messages { services.server.beginGracefulShutdown() }
                }
            }
            #expect(error?.code == .unavailable)
        }
    }

    private func files(
        _ question: Request.OneOf_MessageRequest, _ services: StandardServices
    ) async throws -> [Google_Protobuf_FileDescriptorProto] {
        let answer = try await services.ask(question)
        guard case .fileDescriptorResponse(let response) = answer else {
            Issue.record("\(question) answered with \(String(describing: answer))")
            return []
        }
        return try response.fileDescriptorProto.map { try Google_Protobuf_FileDescriptorProto(serializedBytes: $0) }
    }
}

internal import GRPCCore
internal import RPC
internal import SwiftProtobuf
internal import Testing

@Suite("grpc.health.v1", .timeLimit(.minutes(1)))
struct HealthTests {
    private let gateway = GatewayMethods.serviceName

    @Test("Check tells the status of the process and of the service, each its own")
    func checks() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            #expect(try await services.check("") == .notServing)
            status.set(.serving, for: HealthStatus.overall)
            #expect(try await services.check("") == .serving)
            #expect(try await services.check(gateway) == .notServing)
            status.setAll(.serving)
            #expect(try await services.check(gateway) == .serving)
        }
    }

    @Test("Check of a name that nobody set is NOT_FOUND")
    func unknownName() async throws {
        try await StandardServices.serve { services async throws in
            let error = await #expect(throws: RPCError.self) { try await services.check("other.v1.Service") }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains(gateway) == true)
        }
    }

    @Test("List tells all of them")
    func lists() async throws {
        let status = HealthStatus()
        status.set(.serving, for: gateway)
        try await StandardServices.serve(status) { services async throws in
            let statuses = try await services.client.unary(
                request: ClientRequest(message: Grpc_Health_V1_HealthListRequest()), descriptor: HealthMethods.list,
                serializer: ProtobufCodec<Grpc_Health_V1_HealthListRequest>(),
                deserializer: ProtobufCodec<Grpc_Health_V1_HealthListResponse>(), options: StandardServices.options
            ) { try $0.message.statuses.mapValues(\.status) }
            #expect(statuses == ["": .notServing, gateway: .serving])
        }
    }

    @Test("Watch tells the status now and each change")
    func watches() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            try await services.watch(gateway) { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .notServing)
                status.set(.notServing, for: gateway)
                status.set(.serving, for: gateway)
                #expect(try await responses.next()?.status == .serving)
                status.set(.notServing, for: gateway)
                #expect(try await responses.next()?.status == .notServing)
                services.server.beginGracefulShutdown()
                #expect(try await responses.next() == nil)
            }
        }
    }

    @Test("Watch tells nothing of other services")
    func watchesOneService() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            try await services.watch(gateway) { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .notServing)
                status.set(.serving, for: HealthStatus.overall)
                services.server.beginGracefulShutdown()
                #expect(try await responses.next() == nil)
            }
        }
    }

    @Test("Watch of an unknown name stays open until the name becomes known")
    func watchesUnknownName() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            try await services.watch("later.v1.Service") { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .serviceUnknown)
                status.set(.serving, for: "later.v1.Service")
                #expect(try await responses.next()?.status == .serving)
            }
            #expect(try await services.check("later.v1.Service") == .serving)
        }
    }

    @Test("What is set right before a graceful shutdown is still told")
    func tellsTheLastChange() async throws {
        let status = HealthStatus()
        status.setAll(.serving)
        try await StandardServices.serve(status) { services async throws in
            try await services.watch("") { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .serving)
                status.setAll(.notServing)
                services.server.beginGracefulShutdown()
                #expect(try await responses.next()?.status == .notServing)
                #expect(try await responses.next() == nil)
            }
        }
        #expect(status.watcherCount == 0)
    }

    @Test("A client that goes away gives its place back, while the server goes on")
    func forgetsClientsThatAreGone() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            try await services.watch("") { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .notServing)
                #expect(status.watcherCount == 1)
            }
            // Ends with the time limit of the suite when the place is not given back.
            while status.watcherCount > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(try await services.check("") == .notServing)
        }
    }

    @Test("Over the limit of watchers is RESOURCE_EXHAUSTED, and a place that is given back can be had")
    func limitsWatchers() async throws {
        let status = HealthStatus()
        try await StandardServices.serve(status) { services async throws in
            try await withEveryPlaceTaken(of: status, HealthStatus.watcherLimit) {
                let error = await #expect(throws: RPCError.self) {
                    try await services.watch("") { for try await _ in $0 {} }
                }
                #expect(error?.code == .resourceExhausted)
            }
            try await services.watch("") { messages async throws in
                var responses = messages.makeAsyncIterator()
                #expect(try await responses.next()?.status == .notServing)
            }
        }
    }

    private func withEveryPlaceTaken(
        of status: HealthStatus, _ places: Int, _ body: () async throws -> Void
    ) async throws {
        guard places > 0 else { return try await body() }
        try await status.watching("") { _, _ in try await withEveryPlaceTaken(of: status, places - 1, body) }
    }

    @Test("Bytes that are no request, and requests without end, are refused")
    func refusesNonsense() async throws {
        try await StandardServices.serve { services async throws in
            #expect(await code(of: [0x0A, 0x05, 0x41], services) == .invalidArgument)
            let limit = ProtobufCodec<Grpc_Health_V1_HealthCheckRequest>.requestLimitBytes
            #expect(await code(of: [UInt8](repeating: 0, count: limit + 1), services) == .resourceExhausted)
        }
    }

    private func code(of bytes: [UInt8], _ services: StandardServices) async -> RPCError.Code? {
        let error = await #expect(throws: RPCError.self) {
            try await services.client.unary(
                request: ClientRequest(message: bytes), descriptor: HealthMethods.check, serializer: RawMessageCodec(),
                deserializer: RawMessageCodec(), options: StandardServices.options
            ) { _ = try $0.message }
        }
        return error?.code
    }
}

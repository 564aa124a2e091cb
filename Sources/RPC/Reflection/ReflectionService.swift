package import GRPCCore
internal import SwiftProtobuf

/// Server reflection: tells grpcurl and its like what this server speaks, from the descriptors that
/// `scripts/generate-protos` made of the `.proto` files.
package struct ReflectionService: Sendable {
    private typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
    private typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

    private let index: DescriptorIndex

    /// Reads the embedded descriptors.
    /// - Throws: An error of SwiftProtobuf when they are damaged, which the tests rule out.
    package init() throws {
        index = try DescriptorIndex(serialized: PackageResources.services_binpb)
    }

    /// The services that reflection tells of, sorted: all of them must be registered.
    package var services: [String] { index.services }

    /// Adds `ServerReflectionInfo` to a router, under both of its names.
    package func register<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        for method in [ReflectionMethods.information, ReflectionMethods.oldInformation] {
            router.registerHandler(
                forMethod: method, deserializer: ProtobufCodec<Request>(), serializer: ProtobufCodec<Response>(),
                handler: { request, context in
                    StreamingServerResponse { writer in
                        try await answer(request.messages, writer: writer, cancellation: context.cancellation)
                        return [:]
                    }
                })
        }
    }

    /// Ends when the client has no more requests, and at a graceful shutdown, though no request comes.
    private func answer(
        _ requests: RPCAsyncSequence<Request, any Error>, writer: RPCWriter<Response>,
        cancellation: ServerContext.RPCCancellationHandle
    ) async throws {
        // Awaited below. Not a child task, because the end of the call must be able to interrupt the wait for a request.
        let answering = Task {
            for try await request in requests { try await writer.write(response(to: request)) }
        }
        let outcome = await withRPCCancellationHandler {
            await answering.result
        } onCancelRPC: {
            answering.cancel()
        }
        guard !cancellation.isCancelled else {
            throw RPCError(code: .unavailable, message: "this server is stopping; ask again")
        }
        try outcome.get()
    }

    private func response(to request: Request) -> Response {
        .with { response in
            response.validHost = request.host
            response.originalRequest = request
            response.messageResponse = answer(to: request.messageRequest)
        }
    }

    private func answer(to question: Request.OneOf_MessageRequest?) -> Response.OneOf_MessageResponse {
        switch question {
        case .listServices:
            .listServicesResponse(.with { $0.service = services.map { name in .with { $0.name = name } } })
        case .fileByFilename(let name):
            index.file(named: name).map { .fileDescriptorResponse($0) } ?? notFound("file \(name)")
        case .fileContainingSymbol(let name):
            index.file(declaring: name).map { .fileDescriptorResponse($0) } ?? notFound("symbol \(name)")
        case .fileContainingExtension(let wanted):
            // Our files are of proto3, which has no extensions of its own messages.
            notFound("extension \(wanted.extensionNumber) of \(wanted.containingType)")
        case .allExtensionNumbersOfType(let name):
            index.messages.contains(name)
                ? .allExtensionNumbersResponse(.with { $0.baseTypeName = name }) : notFound("message \(name)")
        case nil:
            problem(.invalidArgument, "the request asks nothing; set one field of message_request")
        }
    }

    private func notFound(_ what: String) -> Response.OneOf_MessageResponse {
        problem(.notFound, "\(what) is not known here; list_services says what is")
    }

    private func problem(_ code: RPCError.Code, _ message: String) -> Response.OneOf_MessageResponse {
        .errorResponse(
            .with {
                $0.errorCode = Int32(code.rawValue)
                $0.errorMessage = message
            })
    }
}

package import GRPCCore

/// The one method of server reflection, under its name of today and the one that older tools ask for.
package enum ReflectionMethods {
    /// `grpc.reflection.v1`.
    package static let information = method(of: "grpc.reflection.v1.ServerReflection")

    /// `grpc.reflection.v1alpha`: the same messages under another package name.
    package static let oldInformation = method(of: "grpc.reflection.v1alpha.ServerReflection")

    private static func method(of service: String) -> MethodDescriptor {
        MethodDescriptor(
            service: ServiceDescriptor(fullyQualifiedService: service), method: "ServerReflectionInfo",
            type: .bidirectionalStreaming)
    }
}

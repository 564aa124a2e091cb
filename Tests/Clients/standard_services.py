"""The gRPC health service and server reflection (v1), asked with grpcio's own messages."""
import gateway
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from google.protobuf import descriptor_pb2
# The messages of v1alpha are those of v1 under another name; grpcio has only these.
from grpc_reflection.v1alpha import reflection_pb2


def health(stub, service):
    try:
        answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=gateway.TIME_LIMIT)
        return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    except grpc.RpcError as error:
        return error.code().name


def reflect(channel, **question):
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString)
    return next(call(iter([reflection_pb2.ServerReflectionRequest(**question)]), timeout=gateway.TIME_LIMIT))


def main():
    options = gateway.arguments(__doc__)
    name = "telemetrygateway.v1.TelemeteryGatewayService"
    with gateway.connect(options.port) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        states = {service: health(stub, service) for service in ("", name, "no.such.Service")}
        listed = reflect(channel, list_services="")
        found = reflect(channel, file_containing_symbol=name)
    files = [
        descriptor_pb2.FileDescriptorProto.FromString(encoded)
        for encoded in found.file_descriptor_response.file_descriptor_proto
    ]
    gateway.finish(
        health=states, services=sorted(service.name for service in listed.list_services_response.service),
        methods=[method.name for file in files for service in file.service for method in service.method])


if __name__ == "__main__":
    main()

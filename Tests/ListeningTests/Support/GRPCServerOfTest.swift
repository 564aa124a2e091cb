import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Listening

enum GRPCServerOfTest {
    static func make(_ listener: OnePortListener) -> GRPCServer<HTTP2ServerTransport.Custom<OnePortListener>> {
        var config = HTTP2ServerTransport.Custom<OnePortListener>.Config.defaults
        config.connection.maxGraceTime = .seconds(5)
        return GRPCServer(
            transport: listener.transport(config),
            router: EchoService.router(for: HTTP2ServerTransport.Custom<OnePortListener>.self))
    }
}

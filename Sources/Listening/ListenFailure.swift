internal import GRPCCore
internal import Glibc
internal import NIOCore
package import Runtime

/// Turns what a server threw into the failure that the process reports.
package enum ListenFailure {
    /// The failure inside the error that `GRPCServer.serve()` threw; anything else becomes `cannotListen`.
    package static func make(_ error: any Error, host: String, port: Int) -> RuntimeFailure {
        if let failure = error as? RuntimeFailure { return failure }
        if let failure = (error as? RuntimeError)?.cause as? RuntimeFailure { return failure }
        guard let system = error as? IOError else {
            return RuntimeFailure(code: .cannotListen, message: "cannot listen on \(host):\(port): \(error)")
        }
        let inUse = system.errnoCode == EADDRINUSE
        return RuntimeFailure(
            code: inUse ? .addressInUse : .cannotListen,
            message: "cannot listen on \(host):\(port): \(ErrorNumber.text(system.errnoCode))"
                + (inUse ? "; stop the other process or choose another port (0 for any)" : ""))
    }
}

/// The named limits of an operations server.
package struct OperationsLimits: Sendable, Hashable {
    /// Connections served at once; further ones wait in the kernel's queue.
    package var connections = 128
    /// From the opening of a connection until the header section of its first request is complete.
    package var headerTime = Duration.seconds(10)
    /// How long a connection may be silent: between requests, and between two pieces of a body.
    package var idleTime = Duration.seconds(30)
    /// From a request's header section to the end of its response. A body that is not complete by then is answered with
    /// 408; a response that is not, with the end of the connection.
    package var requestTime = Duration.seconds(120)
    /// How long a connection is still read, and what comes thrown away, after an answer that did not wait for the body:
    /// who sends should get to read why before the connection is reset.
    package var lingerTime = Duration.seconds(2)
    /// Longest header section of a request, in bytes.
    package var headerBytes = 16 << 10
    /// Most header fields of a request.
    package var headerFields = 100
    /// Longest request body once it is decompressed, in bytes; a route may take less.
    package var bodyBytes = 16 << 20
    /// Most bytes that one byte of a compressed body may become, once it has become more than ``inflationAllowance``.
    /// Events compress ten- to twentyfold.
    package var inflationRatio = 100
    /// Decompressed bytes up to which any ratio is taken.
    package var inflationAllowance = 1 << 20

    /// The standard limits.
    package init() {}

    /// The standard limits.
    package static let standard = OperationsLimits()
}

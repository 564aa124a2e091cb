internal import NIOCore

/// What an upstream connection is joined with: the side that faces the client. Everything happens on one event loop.
protocol UpstreamClient: AnyObject {
    /// What the upstream connection is told.
    associatedtype Request
    /// What it answers.
    associatedtype Answer

    /// Whether the upstream may be read.
    var isWritable: Bool { get }
    /// The upstream connection is open.
    func upstreamConnected(_ upstream: UpstreamHandler<Self>)
    /// A part of an answer for the client.
    func answer(_ part: Answer)
    /// Sends the parts on their way.
    func flushAnswers()
    /// Reads the client again, if it was to be read.
    func resumeReading()
    /// The upstream connection has closed.
    func upstreamEnded()
}

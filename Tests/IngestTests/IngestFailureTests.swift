import Accounts
import GRPCCore
import Store
import Testing

@testable import Ingest

@Suite struct IngestFailureTests {
    /// Reference 1.5, code by code.
    @Test(arguments: [
        (TokenProblem.headerMissing, RPCError.Code.unauthenticated, "no token header value"),
        (.typeMissing, .unauthenticated, "invalid token header: token type missing in Authorization header"),
        (
            .typeInvalid("Basic"), .unauthenticated,
            "invalid token header: invalid token type Basic in Authorization header"
        ),
        (.unverifiable, .internalError, "unable to validate token"),
        (.cancelled, .cancelled, "request canceled"),
        (.inactive, .permissionDenied, "permission denied"),
        (.scopeMissing, .permissionDenied, "permission denied"),
    ])
    func tokenProblemsHaveTheCodesOfTheReference(problem: TokenProblem, code: RPCError.Code, message: String) {
        let failure = IngestFailure.token(problem)
        #expect(failure.code == code)
        #expect(failure.message == message)
    }

    @Test func aFullSpoolAsksTheClientToWait() {
        let failure = IngestFailure.notDurable(.init(.full, "no space"))
        #expect(failure.code == .resourceExhausted)
        #expect(failure.retryAfterSeconds == 5)
        #expect(failure.rpcErrorMetadata[binaryValues: "grpc-status-details-bin"].first { _ in true } != nil)
    }
}

import Accounts
import GRPCCore
import Runtime
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

    /// One answer for both protocols, decided in one place.
    @Test(arguments: [
        (SpaceRefusal.Limit.clientShare, CallRefusal.clientShare, "client"), (.quota, .spoolFull, "quota"),
        (.reserve, .spoolFull, "reserve"),
    ]) func noSpaceIsSaidTheSameWayOverBothProtocols(limit: SpaceRefusal.Limit, reason: CallRefusal, word: String) {
        let failure = IngestFailure.noSpace(SpaceRefusal(limit: limit, retryAfterSeconds: 15))
        #expect(failure.reason == reason && failure.code == .resourceExhausted && failure.message.contains(word))
        let status = Array(failure.rpcErrorMetadata[binaryValues: "grpc-status-details-bin"]).first
        // …RetryInfo { retry_delay { seconds: 15 } }
        #expect(status?.suffix(4) == [0x0a, 2, 0x08, 15])
        let response = EventsProblem(failure).response
        #expect(response.status == 429 && response.headers["Retry-After"] == "15")
        #expect(EventsProblem(failure).code == reason.rawValue)
    }

    @Test func aDiskThatIsReallyFullIsNoOtherCase() {
        let problem = EventsProblem(IngestFailure.notDurable(.init(.full, "no space")))
        #expect(problem.status == 429 && problem.code == "spool_full" && problem.retryAfterSeconds == 5)
    }
}

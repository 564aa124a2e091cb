import TestSupport
import Testing
import Transfer

/// The transfer thread against a server that does one scripted thing.
@Suite(.timeLimit(.minutes(1))) struct CurlTransfersTests {
    @Test func aLargeBodyTravelsThereAndBack() async throws {
        let server = try ScriptedServer(.echo)
        let transfers = try CurlTransfers()
        var body: [UInt8] = []
        for number in 0..<200_000 { body.append(UInt8(ascii: "a") + UInt8(number % 26)) }
        let response = try await transfers.execute(Self.request(server.url, body: body))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response.newConnections == 1)
        await transfers.shutdown()
    }

    @Test func methodHeadersAndResponseHeadersPass() async throws {
        let server = try ScriptedServer(
            .bytes("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nX-Note:  two words \r\nContent-Length: 2\r\n\r\nno"))
        let transfers = try CurlTransfers()
        var request = Self.request(server.url, body: Array("{}".utf8))
        request.method = .put
        request.headers = [.init("x-mine", "value")]
        let response = try await transfers.execute(request)
        #expect(response.status == 429)
        #expect(response.retryAfter(now: 0) == .seconds(7))
        #expect(response.headers["x-note"] == "two words")
        #expect(response.body == Array("no".utf8))
        var heads = server.requests.makeAsyncIterator()
        let head = try #require(await heads.next(isolation: nil))
        #expect(head.hasPrefix("PUT /path HTTP/1.1\r\n"))
        #expect(head.contains("\r\nx-mine: value"))
        #expect(!head.contains("Expect"))
        await transfers.shutdown()
    }

    @Test func silenceEndsAtTheTimeout() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        var request = Self.request(server.url)
        request.timeout = .milliseconds(100)
        let error = await Self.error(transfers, request)
        #expect(error?.curlCode == 28)
        #expect(error?.message.contains(server.url) == true)
        await transfers.shutdown()
    }

    @Test func aRefusedConnectionIsToldApart() async throws {
        let transfers = try CurlTransfers()
        let port = try ScriptedServer.closedPort()
        let error = await Self.error(transfers, Self.request("http://127.0.0.1:\(port)/"))
        #expect(error?.reason == .curl)
        #expect(error?.curlCode == 7)
        await transfers.shutdown()
    }

    @Test func aResponseOverTheLimitIsCutOff() async throws {
        let text = String(repeating: "x", count: 5000)
        let server = try ScriptedServer(.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(text)"))
        let transfers = try CurlTransfers()
        var request = Self.request(server.url)
        request.maximumResponseBytes = 4999
        let error = await Self.error(transfers, request)
        #expect(error?.reason == .responseTooLarge)
        request.maximumResponseBytes = 5000
        let response = try await transfers.execute(request)
        #expect(response.body.count == 5000)
        await transfers.shutdown()
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
    func aBrokenResponseIsAnError(_ answer: String) async throws {
        let server = try ScriptedServer(.bytes(answer))
        let transfers = try CurlTransfers()
        let error = await Self.error(transfers, Self.request(server.url))
        // Nothing received, connection reset, or a partial body.
        #expect([52, 56, 18].contains(error?.curlCode))
        await transfers.shutdown()
    }

    @Test func aCancelledTaskTakesItsTransferAway() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        let error = await withTaskGroup(of: TransferError?.self) { group in
            group.addTask { await Self.error(transfers, Self.request(server.url)) }
            var heads = server.requests.makeAsyncIterator()
            _ = await heads.next(isolation: nil)
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.reason == .cancelled)
        await transfers.shutdown()
    }

    @Test func aTaskCancelledBeforeStartsNothing() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        let error = await withTaskGroup(of: TransferError?.self) { group in
            group.cancelAll()
            group.addTask { await Self.error(transfers, Self.request(server.url)) }
            return await group.next() ?? nil
        }
        #expect(error?.reason == .cancelled)
        await transfers.shutdown()
    }

    @Test func shutdownFailsWhatIsUnderWayAndRefusesTheRest() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        async let waiting = Self.error(transfers, Self.request(server.url))
        var heads = server.requests.makeAsyncIterator()
        _ = await heads.next(isolation: nil)
        await transfers.shutdown(grace: .milliseconds(10))
        #expect(await waiting?.reason == .shutDown)
        #expect(await Self.error(transfers, Self.request(server.url))?.reason == .shutDown)
        await transfers.shutdown()
    }

    @Test func plainTextNeedsPermission() async throws {
        let server = try ScriptedServer(.echo)
        let transfers = try CurlTransfers()
        var request = Self.request(server.url)
        request.security = .tls
        let error = await Self.error(transfers, request)
        #expect(error?.curlCode == 1)
        await transfers.shutdown()
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try ScriptedServer(
            .bytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"))
        let transfers = try CurlTransfers()
        let response = try await transfers.execute(Self.request(server.url))
        #expect(response.status == 302)
        await transfers.shutdown()
    }

    @Test func headersCannotBeInjected() async throws {
        let transfers = try CurlTransfers()
        var request = Self.request("http://127.0.0.1:1/")
        request.headers = [.init("authorization", "Bearer x\r\nx-evil: 1")]
        let error = await Self.error(transfers, request)
        #expect(error?.curlCode == 43)
        #expect(error?.message.contains("Bearer") == false)
        await transfers.shutdown()
    }

    private static func request(_ url: String, body: [UInt8] = []) -> HTTPTransferRequest {
        HTTPTransferRequest(url: url, security: .plaintextHTTP1, body: body, timeout: .seconds(20))
    }

    private static func error(_ transfers: CurlTransfers, _ request: HTTPTransferRequest) async -> TransferError? {
        do throws(TransferError) {
            _ = try await transfers.execute(request)
            return nil
        } catch {
            return error
        }
    }
}

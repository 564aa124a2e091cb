internal import Contract
internal import Runtime

/// What changes something: the session, or the forwarder.
extension Console {
    /// Routes for the console's own page.
    var changes: [OperationsRoute] {
        [
            change("sign-in") { request, body throws(ConsoleRefusal) in
                let (session, cookie) = try gate.signIn(request, secret: try Self.text(body, "secret"))
                return (sessionJSON(session).line, ["Set-Cookie": cookie])
            },
            change("sign-out") { request, _ throws(ConsoleRefusal) in
                (sessionJSON(nil).line, ["Set-Cookie": try gate.signOut(request)])
            },
            change("allow") { request, body throws(ConsoleRefusal) in
                let (session, cookie) = try gate.allow(
                    request, name: try Self.text(body, "name"), token: try Self.text(body, "token"))
                return (sessionJSON(session).line, ["Set-Cookie": cookie])
            },
            change("lock") { request, _ throws(ConsoleRefusal) in
                try gate.lock(request)
                return (sessionJSON(try gate.reader(request).session).line, [:])
            },
            change("act") { request, body throws(ConsoleRefusal) in
                let name = try gate.actor(request)
                let result = try await acts.perform(body, name: name)
                await readings.forget()
                return (result.line, [:])
            },
        ]
    }

    private func change(
        _ name: String,
        _ answer:
            @escaping @Sendable (OperationsRequest, JSONValue) async throws(ConsoleRefusal) -> (
                [UInt8], [String: String]
            )
    ) -> OperationsRoute {
        .post(ConsolePaths.data + name) { request in
            await answered { () throws(ConsoleRefusal) in
                let types = request.headers["content-type"]
                guard types.count == 1, types[0].hasPrefix(OperationsResponse.json) else {
                    throw .invalid("send \(OperationsResponse.json)")
                }
                return try await answer(request, try await body(of: request))
            }
        }
    }

    private func body(of request: OperationsRequest) async throws(ConsoleRefusal) -> JSONValue {
        let bytes: [UInt8]
        do throws(OperationsBodyError) {
            bytes = try await request.body.collect(upTo: limits.bodyBytes)
        } catch {
            throw ConsoleRefusal(status: error.status, code: error.code, detail: error.detail)
        }
        do throws(JSONValue.Problem) {
            return try JSONValue.read(bytes)
        } catch {
            throw .invalid("the body is no JSON, from byte \(error.offset) on")
        }
    }

    private static func text(_ body: JSONValue, _ name: String) throws(ConsoleRefusal) -> String {
        guard let text = body[name]?.text else { throw .invalid("“\(name)” is a text and must be there") }
        return text
    }
}

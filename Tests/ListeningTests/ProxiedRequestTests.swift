import NIOHTTP1
import Testing

@testable import Listening

struct ProxiedRequestTests {
    private func head(_ method: HTTPMethod = .POST, _ uri: String = "/x", _ headers: HTTPHeaders = [:])
        -> HTTPRequestHead
    {
        HTTPRequestHead(version: .http2, method: method, uri: uri, headers: headers)
    }

    @Test func saysTheRequestInHTTP1() throws {
        let said = try #require(
            ProxiedRequest.head(head(.POST, "/v1/events?x=1", ["host": "h", "content-length": "5", "te": "trailers"])))
        #expect(said.version == .http1_1)
        #expect(said.uri == "/v1/events?x=1")
        #expect(said.headers["content-length"] == ["5"])
        #expect(said.headers["connection"] == ["close"])
        #expect(!said.headers.contains(name: "te"))
        #expect(ProxiedRequest.isFramed(said))
    }

    @Test func framesEveryBodyExactlyOnce() throws {
        let chunked = try #require(ProxiedRequest.head(head(.POST, "/", ["transfer-encoding": "chunked"])))
        #expect(chunked.headers["transfer-encoding"] == ["chunked"])
        let both = try #require(
            ProxiedRequest.head(head(.POST, "/", ["transfer-encoding": "chunked", "content-length": "3"])))
        #expect(!both.headers.contains(name: "transfer-encoding"))
        let unframed = try #require(ProxiedRequest.head(head(.GET, "/")))
        #expect(!ProxiedRequest.isFramed(unframed))
        #expect(ProxiedRequest.withBody(unframed).headers["transfer-encoding"] == ["chunked"])
    }

    @Test(arguments: [
        "/x HTTP/1.1\r\nhost: y\r\n\r\nGET /y", "/a b", "/a\u{0}", "/a\u{7F}", "", "http://other/", "x",
    ])
    func refusesTargetsThatWouldSmuggle(target: String) {
        #expect(ProxiedRequest.head(head(.GET, target)) == nil)
    }

    @Test func refusesOtherInjections() {
        #expect(ProxiedRequest.head(head(.RAW(value: "GET /x"), "/")) == nil)
        #expect(ProxiedRequest.head(head(.RAW(value: ""), "/")) == nil)
        #expect(ProxiedRequest.head(head(.CONNECT, "/")) == nil)
        #expect(ProxiedRequest.head(head(.GET, "/", ["a": "b\r\nc: d"])) == nil)
        #expect(ProxiedRequest.head(head(.GET, "/", ["a b": "c"])) == nil)
        #expect(ProxiedRequest.head(head(.GET, "/", ["a": "tab\tand ümlaut"])) != nil)
        #expect(ProxiedRequest.head(head(.OPTIONS, "*")) != nil)
    }
}

package import Contract

/// How delivery to one destination goes, as its running worker knows it.
package struct DeliveryStatus: Sendable, Hashable {
    /// The last failure of a destination.
    package struct Failure: Sendable, Hashable {
        /// A stable name, in snake case.
        package var code: String
        /// The failure, for people.
        package var message: String
        /// When, in nanoseconds since 1970.
        package var at: Int64

        /// Makes a failure from its parts.
        package init(code: String, message: String, at: Int64) {
            self.code = code
            self.message = message
            self.at = at
        }

        var json: JSONValue {
            .members([("code", .string(code)), ("message", .string(message)), ("at", .number(at))])
        }
    }

    /// The destination's name, as configured.
    package var name: String
    /// The circuit breaker: `closed`, `open` or `half_open`.
    package var breaker: String
    /// When an open breaker lets the next request through, in nanoseconds since 1970; nil otherwise.
    package var openUntil: Int64?
    /// Requests at once that are allowed now.
    package var concurrency: Double
    /// Requests under way.
    package var inFlight: Int
    /// Events a second that arrive for it; nil when not known yet.
    package var rateIn: Double?
    /// Events a second that it takes; nil when not known yet.
    package var rateOut: Double?
    /// Its last failure; nil when there was none since the start.
    package var lastError: Failure?
    /// Whether an operator has paused it.
    package var isPaused: Bool
    /// Why nothing is sent though something waits (an operator's words, or a bound that is reached); empty otherwise.
    package var pauseReason: String
    /// Whether it delivers what waits and then pauses or ends.
    package var isDraining: Bool

    /// Makes a status from its parts.
    package init(
        name: String, breaker: String = "closed", openUntil: Int64? = nil, concurrency: Double = 0, inFlight: Int = 0,
        rateIn: Double? = nil, rateOut: Double? = nil, lastError: Failure? = nil, isPaused: Bool = false,
        pauseReason: String = "", isDraining: Bool = false
    ) {
        self.name = name
        self.breaker = breaker
        self.openUntil = openUntil
        self.concurrency = concurrency
        self.inFlight = inFlight
        self.rateIn = rateIn
        self.rateOut = rateOut
        self.lastError = lastError
        self.isPaused = isPaused
        self.pauseReason = pauseReason
        self.isDraining = isDraining
    }

    /// The status as it goes over the control socket.
    package var json: JSONValue {
        let number: (Double?) -> JSONValue = { $0.map { .double($0) } ?? .null }
        return .members([
            ("name", .string(name)), ("breaker", .string(breaker)),
            ("open_until", openUntil.map { .number($0) } ?? .null), ("concurrency", .double(concurrency)),
            ("in_flight", .number(Int64(inFlight))), ("rate_in", number(rateIn)),
            ("rate_out", number(rateOut)),
            ("last_error", lastError?.json ?? .null),
            ("is_paused", .bool(isPaused)), ("pause_reason", .string(pauseReason)), ("is_draining", .bool(isDraining)),
        ])
    }

    /// Reads what `json` gives; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let name = json["name"]?.text, let breaker = json["breaker"]?.text else { return nil }
        self.init(
            name: name, breaker: breaker, openUntil: json["open_until"]?.integer,
            concurrency: json["concurrency"]?.double ?? 0, inFlight: Int(clamping: json["in_flight"]?.integer ?? 0),
            rateIn: json["rate_in"]?.double, rateOut: json["rate_out"]?.double,
            lastError: Self.failure(json["last_error"]), isPaused: json["is_paused"]?.flag ?? false,
            pauseReason: json["pause_reason"]?.text ?? "", isDraining: json["is_draining"]?.flag ?? false)
    }

    private static func failure(_ json: JSONValue?) -> Failure? {
        guard let json, let code = json["code"]?.text, let message = json["message"]?.text else { return nil }
        return Failure(code: code, message: message, at: json["at"]?.integer ?? 0)
    }
}

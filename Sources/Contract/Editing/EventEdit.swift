internal import SwiftProtobuf

/// A repair of events before they are sent again: `del(.parameters.privateMetadata.secret)`, `.feature = "x"`,
/// `.parameters.metadata["key"] = 1`, several separated by `|`. Members have the names of protojson or of the contract.
package struct EventEdit: Sendable, Hashable {
    /// One step of an edit.
    enum Change: Sendable, Hashable {
        /// Takes out a member or an element; nothing happens where there is none.
        case remove(EventPath)
        /// Puts a value in, and what is missing on the way to it.
        case set(EventPath, JSONValue)

        var path: EventPath {
            switch self {
            case .remove(let path), .set(let path, _): path
            }
        }
    }

    /// The edit as it was written.
    package let text: String
    private let changes: [Change]

    /// Reads an edit.
    /// - Throws: with the position of what is not understood, or of a member that no event has.
    package init(_ text: String) throws(EventEditFailure) {
        self.text = text
        changes = try EventEditParser.parse(text)
    }

    /// The edited bytes of one event; the same bytes when the edit changes nothing.
    ///
    /// Fields that this version's contract does not have are kept in every message that the edit does not remove or
    /// replace as a whole, except inside of `privateMetadata`.
    /// - Throws: when the bytes are no event, when a path does not fit them, or when the edited event breaks a rule.
    package func apply(to bytes: [UInt8]) throws(EventEditFailure) -> [UInt8] {
        let original: Telemetrygateway_V1_Event
        do {
            original = try Telemetrygateway_V1_Event(serializedBytes: bytes)
        } catch {
            throw EventEditFailure(
                "the stored bytes are no event of this contract, so they can not be edited: \(error)")
        }
        let before: JSONValue
        do {
            before = try JSONValue.read(original.jsonUTF8Bytes())
        } catch {
            throw EventEditFailure("the event has no JSON form, so it can not be edited: \(error)")
        }
        var after = before
        for change in changes {
            switch change {
            case .remove(let path): Self.remove(path.steps[...], from: &after)
            case .set(let path, let value): try Self.set(path.steps[...], to: value, in: &after)
            }
        }
        guard after != before else { return bytes }
        var edited: Telemetrygateway_V1_Event
        do {
            edited = try Telemetrygateway_V1_Event(jsonUTF8Bytes: after.bytes)
        } catch {
            throw EventEditFailure("the edited event does not fit the contract: \(Self.explain(error))")
        }
        if let refusal = EventValidator.refusal(of: edited) {
            throw EventEditFailure("the edited event breaks a rule (\(refusal.name)): \(refusal.message)")
        }
        let paths = changes.map(\.path)
        edited.takeUnknownFields(of: original) { place in !paths.contains { $0.covers(place) } }
        do {
            return try edited.serializedBytes()
        } catch {
            throw EventEditFailure("the edited event can not be encoded: \(error)")
        }
    }

    private typealias Steps = ArraySlice<(step: EventPath.Step, position: Int)>

    private static func remove(_ steps: Steps, from value: inout JSONValue) {
        guard let (step, _) = steps.first else { return }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.member(let name), .object(var members)):
            if rest.isEmpty {
                members.removeAll { $0.name == name }
            } else if let index = members.lastIndex(where: { $0.name == name }) {
                remove(rest, from: &members[index].value)
            }
            value = .object(members)
        case (.element(let index), .array(var elements)):
            guard elements.indices.contains(index) else { return }
            if rest.isEmpty {
                elements.remove(at: index)
            } else {
                remove(rest, from: &elements[index])
            }
            value = .array(elements)
        default: return
        }
    }

    private static func set(
        _ steps: Steps, to new: JSONValue, in value: inout JSONValue
    ) throws(EventEditFailure) {
        guard let (step, position) = steps.first else { return value = new }
        switch (step, value) {
        case (.member(let name), .object(var members)):
            if let index = members.lastIndex(where: { $0.name == name }) {
                try set(steps.dropFirst(), to: new, in: &members[index].value)
            } else {
                var inner = JSONValue.object([])
                try set(steps.dropFirst(), to: new, in: &inner)
                members.append(JSONValue.Member(name, inner))
            }
            value = .object(members)
        case (.element(let index), .array(var elements)):
            guard elements.indices.contains(index) else {
                throw EventEditFailure(
                    position: position, "this event's array has \(elements.count) elements there, counted from 0")
            }
            try set(steps.dropFirst(), to: new, in: &elements[index])
            value = .array(elements)
        default:
            let wanted = if case .member = step { "an object" } else { "an array" }
            throw EventEditFailure(position: position, "this event has \(value.kind) there, not \(wanted)")
        }
    }

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? JSONDecodingError else { return "\(error)" }
        return switch error {
        case .unknownField(let name): "it has no field “\(name)”"
        case .malformedTimestamp: "a time is like \"2026-01-31T23:59:59.123Z\""
        case .schemaMismatch, .malformedNumber, .malformedString, .malformedBool, .malformedMap:
            "a value is of another type than its field"
        case .numberRange: "a number does not fit its field"
        case .illegalNull: "null stands where a value is needed; del(…) takes a member out"
        default: "\(error)"
        }
    }
}

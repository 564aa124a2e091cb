import Testing

@testable import Accounts

@Suite struct ScopeTests {
    @Test(arguments: [
        ("telemetry_gateway::events::write", true),
        ("telemetry_gateway::events::read", false),
        ("telemetry_gateway::events::delete", false),
        // Granted is below what is required, or beside it.
        ("telemetry_gateway::events.own::write", false),
        ("telemetry_gateway::event::write", false),
        ("telemetry_gateway::eventsx::write", false),
        ("telemetry_gateway::events.::write", false),
        ("telemetry::events::write", false),
        ("telemetry_gateway::*::write", false),
        ("*::*::*", false),
        ("telemetry_gateway::events::*", false),
        ("telemetry_gateway::events::publish", false),
        ("telemetry_gateway::events::WRITE", false),
        ("Telemetry_gateway::events::write", false),
        ("telemetry_gateway::events::write ", false),
        (" telemetry_gateway::events::write", false),
        ("telemetry_gateway::events::write::read", false),
        ("telemetry_gateway:events:write", false),
        ("telemetry_gateway:::events::write", false),
        ("::events::write", false),
        ("telemetry_gateway::::write", false),
        ("profile", false),
        ("openid", false),
        ("", false),
    ])
    func onlyOneScopeAllowsToWriteEvents(_ text: String, _ allows: Bool) {
        #expect((Scope(text)?.grants(.writeEvents) ?? false) == allows)
    }

    @Test(arguments: [
        ("sams::user::read", "sams::user.roles::read", true),
        ("sams::user::read", "sams::user.roles.own::read", true),
        ("sams::user.roles::read", "sams::user::read", false),
        ("sams::user::read", "sams::users::read", false),
        ("sams::user::write", "sams::user.roles::read", false),
        ("sams::user::read", "cody::user.roles::read", false),
        ("profile", "sams::user.profile::read", true),
        ("profile", "sams::user.profile.name::read", true),
        ("sams::user::read", "profile", true),
        ("profile", "sams::user::read", false),
    ])
    func aPermissionGrantsWhatIsBelowIt(_ granted: String, _ required: String, _ grants: Bool) throws {
        #expect(try #require(Scope(granted)).grants(try #require(Scope(required))) == grants)
    }

    @Test(arguments: [
        (30, 215, true), (31, 215, false), (31, 1, false), (30, 216, false), (1, 216, false), (0, 1, false),
        (1, 0, false),
    ])
    func lengthsAreLimited(_ service: Int, _ permission: Int, _ isScope: Bool) {
        let text =
            String(repeating: "s", count: service) + "::" + String(repeating: "p", count: permission) + "::delete"
        #expect((Scope(text) != nil) == isScope)
    }

    @Test func aScopeIsWrittenAsItIsRead() {
        #expect(Scope.writeEvents.description == "telemetry_gateway::events::write")
        #expect(Scope(Scope.writeEvents.description) == .writeEvents)
        #expect(Scope("profile")?.description == "sams::user.profile::read")
    }
}

internal import ArgumentParser
internal import Forwarder
internal import Glibc
internal import Runtime
internal import Store

extension GatewayControl {
    /// Runs the command that the process's arguments name, and ends the process with its exit code.
    package static func runProcess() async -> Never {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Glibc.exit(Runtime.ExitCode.success.rawValue)
        } catch let failure as OperatorFailure {
            end(failure)
        } catch let failure as ControlFailure {
            end(OperatorFailure(failure))
        } catch let error as StoreError {
            end(OperatorFailure(error))
        } catch {
            exit(withError: error)
        }
    }

    private static func end(_ failure: OperatorFailure) -> Never {
        let output = TextOutput.standardError
        output.write("\(name): \(output.style.failure("error")): \(failure.message)\n")
        Glibc.exit(failure.code.exitCode)
    }
}

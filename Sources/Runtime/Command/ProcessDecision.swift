/// What a process does, given its arguments and environment.
package enum ProcessDecision<Configuration: Sendable>: Sendable {
    /// Run with this configuration, which has no problem.
    case run(Configuration, EffectiveConfiguration)
    /// Print and end.
    case exit(ProcessExit)
}

internal import Store

extension DestinationConfigurationError {
    /// Starts a thread that a destination needs, or says why it can not.
    static func starting(
        name: String, _ body: @escaping @Sendable () -> Void
    ) throws(DestinationConfigurationError) -> DedicatedThread {
        do throws(StoreError) {
            return try DedicatedThread(name: name, body)
        } catch {
            throw DestinationConfigurationError(code: .startup, message: error.message)
        }
    }
}

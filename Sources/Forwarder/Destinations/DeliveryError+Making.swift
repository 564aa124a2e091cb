internal import Secrets

extension DeliveryError {
    init(_ verdict: DeliveryErrorTable.Verdict, retryAfter: Duration? = nil, message: String) {
        self.init(
            code: verdict.code, scope: verdict.scope, isRetriable: verdict.isRetriable, retryAfter: retryAfter,
            message: message)
    }

    /// Takes a secret out of the message: peers may repeat what they were sent.
    mutating func withhold(_ secret: Secret) {
        guard !secret.value.isEmpty, message.contains(secret.value) else { return }
        message = message.replacing(secret.value, with: "<redacted>")
    }
}

package import Secrets
internal import Synchronization

/// Remembers which licence keys were verified and which were refused, so that a stream's start costs a hash and not
/// public-key work. Holds digests, never keys. A new set of public keys needs a new cache.
package final class LicenceCache: Sendable {
    /// Verified licences remembered (entries): more than there are customers.
    package static let standardVerifiedLimit = 4096
    /// Refused keys remembered (entries). Apart from the verified ones, so that a flood of bad keys drives none out.
    package static let standardRefusedLimit = 1024

    private struct State {
        var verified: GenerationTable<SecretDigest, LicenceInformation>
        var refused: GenerationTable<SecretDigest, LicenceError>
    }

    private let verifier: LicenceVerifier
    private let state: Mutex<State>

    /// - Parameters:
    ///   - verifier: decides about keys that are not remembered.
    ///   - verifiedLimit: entries; at least 2 are kept.
    ///   - refusedLimit: entries; at least 2 are kept.
    package init(
        verifier: LicenceVerifier, verifiedLimit: Int = LicenceCache.standardVerifiedLimit,
        refusedLimit: Int = LicenceCache.standardRefusedLimit
    ) {
        self.verifier = verifier
        state = Mutex(State(verified: .init(limit: verifiedLimit), refused: .init(limit: refusedLimit)))
    }

    /// Entries of both kinds.
    package var count: Int {
        state.withLock { $0.verified.count + $0.refused.count }
    }

    /// Whether a key is remembered, verified or refused.
    package func remembers(_ digest: SecretDigest) -> Bool {
        remembered(digest) != nil
    }

    /// Verifies a licence key, or remembers what came of it.
    package func check(_ text: String) -> LicenceCheck {
        let digest = SecretDigest(of: text)
        if let result = remembered(digest) { return LicenceCheck(digest: digest, result: result) }

        // Outside the lock: two streams may verify the same new key side by side, which is better than all waiting.
        let result = Result { () throws(LicenceError) in try verifier.information(of: text) }
        state.withLock {
            switch result {
            case .success(let information): $0.verified.insert(information, for: digest)
            case .failure(let error): $0.refused.insert(error, for: digest)
            }
        }
        return LicenceCheck(digest: digest, result: result)
    }

    private func remembered(_ digest: SecretDigest) -> Result<LicenceInformation, LicenceError>? {
        state.withLock {
            if let information = $0.verified.value(for: digest) { return .success(information) }
            if let error = $0.refused.value(for: digest) { return .failure(error) }
            return nil
        }
    }
}

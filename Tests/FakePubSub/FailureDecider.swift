internal import TestSupport

/// Decides about one request after the other, as a script says.
struct FailureDecider {
    private(set) var script: FailureScript
    private var random: SeededGenerator
    private var step = 0
    private var requestsInStep = 0

    init(_ script: FailureScript) {
        self.script = script
        random = SeededGenerator(seed: script.seed)
    }

    /// What becomes of the next request; nil when it is taken.
    mutating func next() -> Failure? {
        while step < script.steps.count, requestsInStep >= script.steps[step].requests {
            step += 1
            requestsInStep = 0
        }
        requestsInStep += 1
        let mix = step < script.steps.count ? script.steps[step].mix : script.mix
        // One number for each request, whatever the mix: the same seed stays in step.
        var share = Double(random.next() >> 11) * 0x1p-53
        // Sorted: the order of a dictionary changes from run to run.
        for (name, probability) in mix.sorted(by: { $0.key < $1.key }) {
            if share < probability { return Failure(rawValue: name) }
            share -= probability
        }
        return nil
    }
}

internal import Testing

/// Tests of the real processes. One after the other: each has processes of its own and wants the machine for itself.
@Suite(.serialized, .countingIssues, .timeLimit(.minutes(10))) struct SystemTests {}

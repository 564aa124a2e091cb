import Testing

@testable import Ingest

@Suite struct AdmissionTests {
    @Test func letsBytesInUpToTheLimitAndTheNextWhenSomeAreGivenBack() async {
        let admission = Admission(limitBytes: 100)
        await admission.admit(60)
        await admission.admit(40)
        #expect(admission.bytesInFlight == 100)
        async let third: Void = admission.admit(50)
        async let fourth: Void = admission.admit(10)
        admission.release(60)
        admission.release(40)
        await third
        await fourth
        #expect(admission.bytesInFlight == 60)
    }

    @Test func letsOneThroughAloneThatIsLargerThanTheLimit() async {
        let admission = Admission(limitBytes: 100)
        await admission.admit(500)
        #expect(admission.bytesInFlight == 500)
        async let next: Void = admission.admit(1)
        admission.release(500)
        await next
        #expect(admission.bytesInFlight == 1)
    }

    @Test func countsWhoWaits() async {
        let admission = Admission(limitBytes: 100)
        await admission.admit(100)
        #expect(admission.waitingBatches == 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...3 { group.addTask { await admission.admit(10) } }
            while admission.waitingBatches < 3 { await Task.yield() }
            #expect(admission.bytesInFlight == 100)
            admission.release(100)
        }
        #expect(admission.waitingBatches == 0)
        #expect(admission.bytesInFlight == 30)
    }

    @Test func neverHasMoreInFlightThanTheLimit() async {
        let admission = Admission(limitBytes: 64)
        await withTaskGroup(of: Void.self) { group in
            for size in 1...200 {
                group.addTask {
                    let bytes = size % 32 + 1
                    await admission.admit(bytes)
                    #expect(admission.bytesInFlight <= 64)
                    await Task.yield()
                    admission.release(bytes)
                }
            }
        }
        #expect(admission.bytesInFlight == 0)
    }
}

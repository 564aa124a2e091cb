import Testing
@Test func stubStoreTests() {}

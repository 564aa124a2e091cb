import Testing

@testable import Store

struct LayoutTests {
    @Test
    func segmentNamesSortLikeTheirNumbersAndStrangersAreIgnored() throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        #expect(!layout.exists)
        try layout.create()
        #expect(layout.exists)
        #expect(layout.segmentPath(7) == layout.root + "/segments/00000000000000000007.segment")
        let numbers: [UInt64] = [9, 10, 1_700_000_000_000, UInt64(Int64.max) - 1]
        for number in numbers.reversed() { try TemporaryDirectory.write([], to: layout.segmentPath(number)) }
        let strangers = [
            "7.segment", "00000000000000000007.segment-wal", "+0000000000000000007.segment", "lost+found",
            "00000000000000000000.segment", "18446744073709551615.segment", "99999999999999999999.segment",
            "0000000000000000000x.segment", "00000000000000000007.segment.bak",
        ]
        for name in strangers { try TemporaryDirectory.write([], to: layout.segmentsDirectory + "/" + name) }
        #expect(try layout.segmentNumbers() == numbers)
    }

    @Test
    func unlinkingRemovesAllThreeFilesAndMayBeRepeated() throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        for suffix in SpoolLayout.suffixes { try TemporaryDirectory.write([1], to: layout.segmentPath(3) + suffix) }
        try layout.unlinkSegment(3)
        try layout.unlinkSegment(3)
        #expect(try Directory.names(layout.segmentsDirectory) == [])
    }
}

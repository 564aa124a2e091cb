import Foundation

@testable import Store

extension SpoolLayout {
    /// How many main files of segments this process has open, by `/proc`.
    var openSegments: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.filter { name in
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)) ?? ""
            return target.hasPrefix(segmentsDirectory) && target.hasSuffix(".segment")
        }.count
    }
}

internal import Glibc

/// Resources in use by this process, read from the kernel; zero where it does not tell.
struct ProcessUsage {
    private static let maximumFileBytes = 64 << 10

    var residentBytes: Double = 0
    var openDescriptors: Double = 0
    var maximumDescriptors: Double = 0
    var cpuSeconds: Double = 0

    static func read() -> ProcessUsage {
        var usage = ProcessUsage()
        let pages = fields("/proc/self/statm").dropFirst().first.flatMap { Double($0) } ?? 0
        usage.residentBytes = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        usage.openDescriptors = openDescriptorCount()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            usage.maximumDescriptors = Double(limit.rlim_cur)
        }
        var resources = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &resources) == 0 {
            usage.cpuSeconds = seconds(resources.ru_utime) + seconds(resources.ru_stime)
        }
        return usage
    }

    /// Seconds since this process started.
    static func ageSeconds() -> Double {
        let uptime = fields("/proc/uptime").first.flatMap { Double($0) } ?? 0
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        // The second field is the executable's name in parentheses and may hold spaces; the start time is the 20th after it.
        let stat = text("/proc/self/stat")
        guard let end = stat.lastIndex(of: ")"), ticks > 0 else { return 0 }
        let rest = stat[stat.index(after: end)...].split(separator: " ")
        guard rest.count > 19, let start = Double(rest[19]) else { return 0 }
        return max(uptime - start / ticks, 0)
    }

    private static func openDescriptorCount() -> Double {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var entries = 0.0
        while readdir(directory) != nil { entries += 1 }
        // Without ".", ".." and the descriptor of this directory.
        return max(entries - 3, 0)
    }

    private static func fields(_ path: String) -> [Substring] {
        text(path).split { $0 == " " || $0 == "\n" }
    }

    private static func text(_ path: String) -> String {
        guard let bytes = try? FileBytes.read(path: path, maximumBytes: maximumFileBytes) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}

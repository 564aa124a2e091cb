package import Store

extension HostPreflight {
    /// What does not depend on a process's settings: clock and SQLite. A few system calls.
    package static func checks(layout: SpoolLayout) -> [PreflightCheck] {
        [
            clock(now: WallClock.now(), SpoolTimes(layout: layout)), synchronization(HostClock.isSynchronized),
            sqlite(SQLiteVersion.number),
        ]
    }
}

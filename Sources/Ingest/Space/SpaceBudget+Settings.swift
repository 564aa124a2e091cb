internal import Runtime
internal import Store

extension SpaceBudget.Limits {
    /// What is set, on the file system that the spool lies on now.
    /// - Throws: `StoreError` when it can not be looked at, `ConfigurationError` when it is too small.
    init(_ settings: SpaceSettings, layout: SpoolLayout) throws {
        let limits = try settings.spool.limits(fileSystemBytes: FileSystemSpace.measured(layout.root).totalBytes)
        self.init(spool: limits, clientBytes: limits.share(percent: settings.clientSharePercent))
    }
}

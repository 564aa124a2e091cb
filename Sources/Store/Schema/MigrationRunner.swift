/// Brings a database to the newest known version, or checks that it can be read.
struct MigrationRunner {
    let schema: Schema

    /// Applies what is missing, each migration in one transaction that also raises `user_version`.
    /// - Throws: `newerVersion` when the file was written by a newer build, `corrupt` when it is another kind of file.
    func migrate(_ connection: Connection) throws(StoreError) {
        var version = try checkedVersion(connection)
        if version == 0 { try connection.execute("PRAGMA application_id = \(schema.applicationID)") }
        while version < schema.version {
            let sql = String(decoding: schema.migrations[Int(version)], as: UTF8.self)
            let next = version + 1
            try connection.transaction { () throws(StoreError) in
                try connection.execute(sql)
                try connection.execute("PRAGMA user_version = \(next)")
            }
            version = next
        }
    }

    /// Gives a new file the newest schema in one transaction: whoever opens it meanwhile finds no schema or all of it.
    func create(_ connection: Connection) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            try connection.execute("PRAGMA application_id = \(schema.applicationID)")
            for sql in schema.migrations { try connection.execute(String(decoding: sql, as: UTF8.self)) }
            try connection.execute("PRAGMA user_version = \(schema.version)")
        }
    }

    /// Checks that this build can read the file: its own kind, and at most one version older than the newest.
    /// - Returns: the version of the file; 0 means that it has no schema yet.
    func checkedVersion(_ connection: Connection) throws(StoreError) -> Int64 {
        let version = try connection.integer("PRAGMA user_version") ?? 0
        let applicationID = try connection.integer("PRAGMA application_id") ?? 0
        guard version <= schema.version else {
            throw StoreError(
                .newerVersion,
                "\(connection.path): \(schema.name) version \(version) is newer than version \(schema.version), the newest "
                    + "that this build knows: run the newer build, or let it drain the spool before going back")
        }
        guard applicationID == schema.applicationID || (version == 0 && applicationID == 0) else {
            throw StoreError(
                .corrupt, "\(connection.path): not a \(schema.name) of this gateway (application_id \(applicationID))")
        }
        return version
    }
}

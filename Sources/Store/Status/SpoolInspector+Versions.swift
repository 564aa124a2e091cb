extension SpoolInspector {
    /// The version of each segment, oldest first, and of the ledger. Reads the files' headers only, without SQLite:
    /// works on a write-protected copy, beside running processes, and leaves everything as it was.
    /// - Throws: `missingParent` when there is no spool there, `io` when its files can not be read.
    package func versions() throws(StoreError) -> [SpoolFileVersion] {
        try requireSpool()
        var files: [SpoolFileVersion] = []
        for number in try layout.segmentNumbers() {
            let name = "segments/" + SpoolLayout.fileName(number)
            // Gone meanwhile: delivered and removed.
            guard let file = try version(.segment, name: name) else { continue }
            files.append(file)
        }
        if let ledger = try version(.ledger, name: "ledger.db") { files.append(ledger) }
        return files
    }

    /// Nil when there is no such file.
    private func version(_ kind: SpoolFileVersion.Kind, name: String) throws(StoreError) -> SpoolFileVersion? {
        let path = layout.root + "/" + name
        do throws(StoreError) {
            // A segment keeps the version that it got when it was made. The ledger is brought up.
            let header = try DatabaseHeader.read(path: path, newest: kind == .ledger)
            guard let header, header.userVersion != 0 || header.applicationID != 0 else {
                return SpoolFileVersion(kind: kind, name: name, version: 0)
            }
            guard header.applicationID == kind.schema.applicationID, header.userVersion >= 0 else {
                return SpoolFileVersion(
                    kind: kind, name: name, version: nil,
                    problem: "\(path): not a \(kind.schema.name) of this gateway (application_id "
                        + "\(header.applicationID), user_version \(header.userVersion))")
            }
            return SpoolFileVersion(kind: kind, name: name, version: header.userVersion)
        } catch {
            guard FileReader.exists(path) else { return nil }
            // A file that this user may not read says nothing about its version.
            guard error.code == .corrupt else { throw error }
            return SpoolFileVersion(kind: kind, name: name, version: nil, problem: error.message)
        }
    }
}

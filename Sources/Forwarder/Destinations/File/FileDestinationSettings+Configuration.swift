package import Runtime

extension FileDestinationSettings {
    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        self.init()
        fileBytes = reader.byteCount(
            "GATEWAY_FILE_MAXIMUM_BYTES", default: fileBytes, in: 1 << 10...16 << 30,
            meaning: "A file of the file destination is finished at this size.")
        fileAge = reader.duration(
            "GATEWAY_FILE_MAXIMUM_AGE", default: fileAge, in: .milliseconds(100)...(.seconds(86400)),
            meaning: "A file of the file destination is finished this long after its first line.")
        compression = reader.choice(
            "GATEWAY_FILE_COMPRESSION", default: compression,
            meaning: "How files of the file destination are compressed; with gzip their names end in .ndjson.gz.")
    }
}

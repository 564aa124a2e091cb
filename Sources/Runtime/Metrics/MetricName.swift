/// Names as Prometheus wants them.
enum MetricName {
    /// Letters, digits, `_` and `:`, not beginning with a digit; everything else becomes `_`.
    static func sanitised(_ name: String) -> String { sanitised(name, allowColon: true) }

    /// As `sanitised`, without `:`; `le` and `__…` belong to Prometheus and get the prefix `label_`.
    static func sanitisedLabel(_ name: String) -> String {
        let name = sanitised(name, allowColon: false)
        return name == "le" || name.hasPrefix("__") ? "label_" + name : name
    }

    /// The name with the suffix, unless it has it already.
    static func suffixed(_ name: String, _ suffix: String) -> String {
        name.hasSuffix(suffix) ? name : name + suffix
    }

    private static func sanitised(_ name: String, allowColon: Bool) -> String {
        var bytes = name.utf8.map { byte -> UInt8 in
            switch byte {
            case 65...90, 97...122, 48...57, UInt8(ascii: "_"): byte
            case UInt8(ascii: ":") where allowColon: byte
            default: UInt8(ascii: "_")
            }
        }
        if bytes.first.map({ (48...57).contains($0) }) ?? true { bytes.insert(UInt8(ascii: "_"), at: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

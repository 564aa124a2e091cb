/// A number of bytes as Kubernetes and Cloud Run write it: `512Mi`, `4Gi`.
package struct Quantity: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The bytes in Mi.
    package let mebibytes: Int

    /// The bytes.
    package var bytes: Int { mebibytes << 20 }

    package init(mebibytes: Int) { self.mebibytes = mebibytes }

    /// nil for everything but a whole number of Mi or Gi.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number < 1 << 30 else { return nil }
        switch text.dropFirst(digits.count) {
        case "Mi": mebibytes = number
        case "Gi": mebibytes = number << 10
        default: return nil
        }
    }

    package var description: String {
        mebibytes.isMultiple(of: 1 << 10) ? "\(mebibytes >> 10)Gi" : "\(mebibytes)Mi"
    }

    package static func < (left: Quantity, right: Quantity) -> Bool { left.mebibytes < right.mebibytes }
}

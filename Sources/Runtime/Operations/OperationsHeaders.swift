/// The header fields of a request.
package struct OperationsHeaders: Sendable, Equatable {
    private var fields: [(name: String, value: String)]

    /// - Parameter fields: names in any case, in the order in which they were sent.
    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields.map { ($0.name.lowercased(), $0.value) }
    }

    /// All values of a field, in order.
    ///
    /// - Parameter name: in lower case.
    package subscript(name: String) -> [String] {
        fields.compactMap { $0.name == name ? $0.value : nil }
    }

    package static func == (left: OperationsHeaders, right: OperationsHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// One member of an object in a rendered document.
package struct DocumentMember: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: DocumentValue
}

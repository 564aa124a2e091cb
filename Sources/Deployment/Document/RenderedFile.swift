/// One generated file.
package struct RenderedFile: Sendable, Equatable {
    /// Its path below the root of the repository.
    package var path: String
    /// All of it.
    package var content: String
}

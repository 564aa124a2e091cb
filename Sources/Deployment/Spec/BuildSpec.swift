/// What is deployed.
package struct BuildSpec: Sendable, Equatable {
    static let keys = ["image", "source"]

    /// The image, without a tag.
    package var image: String
    /// Where its source is.
    package var repository: String
    /// The directory in there.
    package var directory: String

    init(_ section: SpecSection) {
        image = section.text("image", .image)
        let source = section.section("source", keys: ["repo", "dir"])
        repository = source.text("repo")
        directory = source.text("dir", default: ".")
    }
}

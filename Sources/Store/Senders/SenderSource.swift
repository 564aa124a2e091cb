/// A call that is under way and that the directory asks now and then what it has come to.
package protocol SenderSource: AnyObject, Sendable {
    /// What has happened since it was last asked; nil for nothing.
    func takeSenderChange() -> SenderChange?
}

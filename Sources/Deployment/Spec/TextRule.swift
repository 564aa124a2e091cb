/// What a text in a specification must look like.
struct TextRule {
    /// Completes “expected …”.
    let allowed: String
    /// Whether a text keeps the rule.
    let holds: (String) -> Bool

    /// Any text but an empty one.
    static var notEmpty: TextRule { TextRule(allowed: "a text") { !$0.isEmpty } }

    /// Lower-case letters, digits and dashes, beginning with a letter.
    static func name(maximum: Int) -> TextRule {
        TextRule(allowed: "lower-case letters, digits and dashes, beginning with a letter, \(maximum) at most") {
            $0.utf8.count <= maximum && $0.wholeMatch(of: /[a-z]([a-z0-9-]*[a-z0-9])?/) != nil
        }
    }

    /// The name of a secret: letters, digits, dashes, underscores.
    static var secretName: TextRule {
        TextRule(allowed: "letters, digits, dashes and underscores") {
            $0.wholeMatch(of: /[A-Za-z0-9_-]{1,255}/) != nil
        }
    }

    /// An absolute path of a file.
    static var absolutePath: TextRule {
        TextRule(
            allowed:
                "an absolute path of a file in a directory of its own, as in /etc/telemetry-gateway/keys/licence.pub"
        ) {
            $0.wholeMatch(of: /(\/[A-Za-z0-9._-]+){2,}/) != nil
        }
    }

    /// Labels separated by dots.
    static var domain: TextRule {
        TextRule(allowed: "a domain name") {
            $0.wholeMatch(of: /([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?/) != nil
        }
    }

    /// An image without a tag.
    static var image: TextRule {
        TextRule(allowed: "the name of an image without a tag, as in registry.example/telemetry-gateway") {
            $0.wholeMatch(of: /([a-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9._-]+(\/[a-z0-9._-]+)*/) != nil
        }
    }

    /// A full resource name of a notification channel.
    static var notificationChannel: TextRule {
        TextRule(allowed: "projects/PROJECT/notificationChannels/ID") {
            $0.wholeMatch(of: /projects\/[a-z0-9-]+\/notificationChannels\/[0-9]+/) != nil
        }
    }
}

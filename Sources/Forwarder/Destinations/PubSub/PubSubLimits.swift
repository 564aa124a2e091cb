/// What Pub/Sub takes, and how long it is given.
package enum PubSubLimits {
    /// Messages in one Publish request.
    package static let messages = 1000
    /// Encoded PublishRequest, in bytes: Google says "maximum value is 10000000".
    package static let requestBytes = 10_000_000
    /// Time for one Publish call, connection included.
    package static let deadline: Duration = .seconds(60)
    /// Publish calls under way at the same time.
    package static let inFlight = 4
    /// Encoded PublishResponse, in bytes: 1000 message ids of 20 digits need 22 KB.
    package static let responseBytes = 1 << 20
    /// Attributes of one message.
    package static let attributes = 100
    /// Key of an attribute, in bytes.
    package static let attributeKeyBytes = 256
    /// Value of an attribute, in bytes.
    package static let attributeValueBytes = 1024
    /// Keys of attributes that begin like this are Google's.
    package static let reservedAttributePrefix = "goog"
    /// Ordering key, in bytes.
    package static let orderingKeyBytes = 1024
}

@testable import Forwarder

extension DeliveryFileWriter {
    /// Appends whole lines and makes them durable.
    mutating func write(_ lines: [UInt8]) throws(DeliveryError) {
        try append(lines)
        try synchronize()
    }
}

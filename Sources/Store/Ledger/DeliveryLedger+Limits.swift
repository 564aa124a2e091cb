/// What the forwarder is configured with, for gatewayctl.
extension DeliveryLedger {
    /// Says with which limits the forwarder runs.
    package func publish(_ limits: ForwarderLimits) throws(StoreError) {
        try write { () throws(StoreError) in
            let upsert = try Statement(
                connection,
                """
                INSERT INTO total (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
            for (name, value) in limits.stored {
                try upsert.bind(1, name)
                try upsert.bind(2, value)
                try upsert.run()
            }
        }
    }
}

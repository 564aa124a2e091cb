/// Replays of the past.
extension DeliveryLedger {
    /// Jobs that are kept when they are over; the oldest go.
    package static let maximumEndedJobs: Int64 = 1000

    /// Orders a time of the past to be sent again to a destination.
    /// - Parameters:
    ///   - from: events received from here on, in nanoseconds since 1970 …
    ///   - to: … and before this.
    ///   - client: only this one's; nil for all.
    ///   - rate: events a second at most; 0 without a limit.
    ///   - includesUndelivered: also what was given up at the destination.
    /// - Returns: the job's number.
    package func addReplayJob(
        at destination: DestinationID, from: Int64, to: Int64, client: String?, rate: Double,
        includesUndelivered: Bool = false, actor: String
    ) throws(StoreError) -> Int64 {
        let name = try name(of: destination)
        return try write { () throws(StoreError) in
            let insert = try Statement(
                connection,
                """
                INSERT INTO replay_job (destination, from_time, to_time, client, rate, created_at, state)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
            try insert.bind(1, destination.row)
            try insert.bind(2, from)
            try insert.bind(3, to)
            if let client { try insert.bind(4, client) }
            try insert.bind(5, rate)
            try insert.bind(6, now())
            let state = includesUndelivered ? ReplayJob.State.runningWithUndelivered : .running
            try insert.bind(7, state.rawValue)
            try insert.run()
            let job = try connection.integer("SELECT max(id) FROM replay_job") ?? 0
            var detail = "job \(job), from \(from) to \(to)"
            if let client { detail += ", client \(client)" }
            if includesUndelivered { detail += ", with what was given up" }
            try self.insert(
                OperatorAct(actor: actor, action: "replay_past", destination: name, detail: detail))
            try connection.execute(
                """
                DELETE FROM replay_job
                WHERE state NOT IN (0, 3) AND id <= (SELECT max(id) FROM replay_job) - \(Self.maximumEndedJobs)
                """)
            return job
        }
    }

    /// The jobs of a destination, oldest first.
    package func replayJobs(of destination: DestinationID) throws(StoreError) -> [ReplayJob] {
        let rows = try Statement(
            connection,
            "SELECT \(ReplayJob.columns) FROM replay_job WHERE destination = \(destination.row) ORDER BY id")
        var jobs: [ReplayJob] = []
        while try rows.step() { jobs.append(ReplayJob(rows)) }
        return jobs
    }

    /// The jobs that are being sent to configured destinations, or will be: their segments are still needed.
    package func runningReplayJobs() throws(StoreError) -> [ReplayJob] {
        let rows = try Statement(
            connection,
            """
            SELECT \(ReplayJob.columns) FROM replay_job WHERE state IN (0, 3)
                AND destination IN (SELECT id FROM destination WHERE active = 1) ORDER BY id
            """)
        var jobs: [ReplayJob] = []
        while try rows.step() { jobs.append(ReplayJob(rows)) }
        return jobs
    }

    /// Ends a job that is running.
    /// - Returns: whether it was.
    package func cancelReplayJob(_ job: Int64, actor: String) throws(StoreError) -> Bool {
        try write { () throws(StoreError) in
            try connection.execute("UPDATE replay_job SET state = 2 WHERE id = \(job) AND state IN (0, 3)")
            guard connection.changes > 0 else { return false }
            try insert(OperatorAct(actor: actor, action: "cancel_replay_past", detail: "job \(job)"))
            return true
        }
    }

    /// Writes how far jobs have come, inside the transaction of a record.
    func advance(_ jobs: [ReplayJobProgress], at destination: DestinationID) throws(StoreError) {
        for job in jobs {
            try connection.execute(
                """
                UPDATE replay_job SET segment = \(Int64(bitPattern: job.position.segment)), batch = \(job.position.batch),
                    sent = sent + \(job.sent), state = CASE WHEN state IN (0, 3) AND \(job.isDone ? 1 : 0) THEN 1 ELSE state END
                WHERE id = \(job.job) AND destination = \(destination.row)
                """)
        }
    }
}

/// One panel of a dashboard.
struct DashboardPanel {
    /// How it is drawn.
    enum Kind: String {
        case lines = "timeseries"
        case number = "stat"
        case distribution = "heatmap"
    }

    private static let columns = 2
    private static let width = 12
    private static let height = 8

    let title: String
    let description: String
    var kind = Kind.lines
    /// Grafana's name of the unit.
    var unit = "short"
    /// PromQL, each with its legend.
    let queries: [(expression: String, legend: String)]

    func document(index: Int) -> DocumentValue {
        let source: DocumentValue = ["type": "prometheus", "uid": "${datasource}"]
        return .object([
            "id": .integer(index + 1), "type": .text(kind.rawValue), "title": .text(title),
            "description": .text(description), "datasource": source,
            "gridPos": [
                "x": .integer(index % Self.columns * Self.width), "y": .integer(index / Self.columns * Self.height),
                "w": .integer(Self.width), "h": .integer(Self.height),
            ],
            "fieldConfig": ["defaults": ["unit": .text(unit)], "overrides": []],
            "options": kind == .distribution ? ["calculate": false, "yAxis": ["unit": .text(unit)]] : .object([]),
            "targets": .list(
                queries.enumerated().map { number, query in
                    [
                        "refId": .text(String(UnicodeScalar(UInt8(65 + number)))), "datasource": source,
                        "expr": .text(query.expression), "legendFormat": .text(query.legend),
                        "format": kind == .distribution ? "heatmap" : "time_series",
                    ]
                }),
        ])
    }
}

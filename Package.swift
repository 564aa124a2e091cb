// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grpc = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(
    name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTPCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let kafka = Target.Dependency.target(name: "CRDKafka", condition: .when(traits: ["Kafka"]))
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "telemetry-gateway",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "telemetry-ingest", targets: ["TelemetryIngest"]),
        .executable(name: "telemetry-forwarder", targets: ["TelemetryForwarder"]),
        .executable(name: "gatewayctl", targets: ["Gatewayctl"]),
        .executable(name: "fake-pubsub", targets: ["FakePubSubCommand"]),
    ],
    traits: [
        .trait(name: "Kafka", description: "Kafka destinations, through librdkafka (Debian: librdkafka-dev).")
    ],
    dependencies: [
        // No default traits: they would pull full Foundation and ICU into every binary.
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        // Imports Foundation: for gatewayctl only, never for the two services.
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // System libraries and the one C file.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Without pkg-config, which would warn wherever the trait is off and the library missing.
        .systemLibrary(name: "CRDKafka"),
        .target(name: "CSupport"),

        // Rooms. Arrows point down only; docs/architecture.md has the table.
        .target(name: "Secrets", dependencies: [crypto], swiftSettings: settings),
        .target(
            name: "Contract", dependencies: ["Secrets", protobuf, crypto, cryptoExtras], exclude: ["Protos"],
            swiftSettings: settings),
        .target(
            name: "Migrations", path: "Migrations", sources: ["Migrations.swift"],
            resources: [
                .embedInCode("Segment/0001_segment.sql"),
                .embedInCode("Segment/0002_stream_origin.sql"),
                .embedInCode("Ledger/0001_ledger.sql"),
                .embedInCode("Ledger/0002_quarantined_origin.sql"),
                .embedInCode("Ledger/0003_outcomes.sql"),
                .embedInCode("Senders/0001_senders.sql"),
            ], swiftSettings: settings),
        .target(name: "Store", dependencies: ["CSQLite", "CSupport", "Migrations"], swiftSettings: settings),
        .target(
            name: "Runtime",
            dependencies: [
                "CSupport", "Secrets", "Store", nioCore, nioHTTPCompression, nioHTTPTypes, nioHTTPTypesHTTP1, logging,
                metrics,
                lifecycle,
                hummingbird,
            ],
            swiftSettings: settings),
        .target(name: "Planning", swiftSettings: settings),
        .target(name: "Diagnosis", dependencies: ["Contract", "Runtime", "Store"], swiftSettings: settings),
        .target(name: "Transfer", dependencies: ["CCurl", "Secrets", "Store"], swiftSettings: settings),
        .target(
            name: "Accounts", dependencies: ["Secrets", "Transfer", "Runtime", protobuf, logging, metrics],
            exclude: ["Protos"], swiftSettings: settings),
        .target(
            name: "Observing",
            dependencies: ["CZlib", "Runtime", "Secrets", "Transfer", protobuf, logging, coreMetrics],
            exclude: ["Protos"], swiftSettings: settings),
        .target(
            name: "RPC", dependencies: ["Contract", grpc, grpcTransport, protobuf], exclude: ["Protos"],
            resources: [.embedInCode("Generated/services.binpb")], swiftSettings: settings),
        .target(
            name: "Listening",
            dependencies: [
                "Runtime", grpc, grpcTransport, nioCore, nioPosix, nioHTTP1, nioHTTP2, nioSSL, nioTLS, logging,
                lifecycle,
            ], swiftSettings: settings),
        .target(
            name: "Ingest",
            dependencies: [
                "Accounts", "Contract", "Listening", "Observing", "RPC", "Runtime", "Secrets", "Store", "Transfer",
                grpc,
                grpcTransport,
                hummingbird, nioCore, protobuf, logging, metrics, lifecycle,
            ], swiftSettings: settings),
        .target(
            name: "Forwarder",
            dependencies: [
                "CCurl", "CZlib", kafka, "Contract", "Observing", "Planning", "Runtime", "Secrets", "Store", "Transfer",
                crypto, cryptoExtras, protobuf, logging, metrics, lifecycle,
            ], swiftSettings: settings),
        .target(name: "Deployment", dependencies: ["Runtime", yams], swiftSettings: settings),
        .target(
            name: "Console",
            dependencies: ["Contract", "Diagnosis", "Forwarder", "Runtime", "Secrets", "Store", logging, lifecycle],
            resources: [
                .embedInCode("Page/console.html"),
                .embedInCode("Page/console.css"),
                .embedInCode("Page/icon.svg"),
                .embedInCode("Page/theme.js"),
                .embedInCode("Page/main.js"),
                .embedInCode("Page/server.js"),
                .embedInCode("Page/elements.js"),
                .embedInCode("Page/words.js"),
                .embedInCode("Page/chart.js"),
                .embedInCode("Page/acting.js"),
                .embedInCode("Page/signing.js"),
                .embedInCode("Page/overview.js"),
                .embedInCode("Page/destinations.js"),
                .embedInCode("Page/clients.js"),
                .embedInCode("Page/letters.js"),
                .embedInCode("Page/missing.js"),
                .embedInCode("Page/acts.js"),
            ], swiftSettings: settings),
        .target(
            name: "Operator",
            dependencies: [
                "Contract", "Diagnosis", "Store", "Runtime", "RPC", "Forwarder", "Ingest", "Listening", "Transfer",
                grpc, grpcTransport, protobuf, argumentParser, signals,
                "Deployment",
            ],
            swiftSettings: settings),

        // Executables: composition only.
        .executableTarget(
            name: "TelemetryIngest", dependencies: ["Ingest", "Runtime"], swiftSettings: settings),
        .executableTarget(
            name: "TelemetryForwarder", dependencies: ["Console", "Forwarder", "Runtime"], swiftSettings: settings),
        .executableTarget(
            name: "Gatewayctl", dependencies: ["Operator", argumentParser], swiftSettings: settings),

        // Tests, by room; System runs the real binaries.
        .target(
            name: "TestSupport", dependencies: ["Store", crypto, cryptoExtras], path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(
            name: "FakePubSub", dependencies: ["CSupport", "TestSupport", nioCore, nioHPACK, nioHTTP2, nioPosix],
            path: "Tests/FakePubSub", swiftSettings: settings),
        .executableTarget(
            name: "FakePubSubCommand", dependencies: ["FakePubSub"], path: "Tests/FakePubSubCommand",
            swiftSettings: settings),
        .executableTarget(
            name: "SendEventsExample", dependencies: ["Contract", grpc, grpcTransport, protobuf],
            path: "Examples/swift", swiftSettings: settings),
        .testTarget(
            name: "DeploymentTests", dependencies: ["Deployment", "Runtime", yams], swiftSettings: settings),
        .testTarget(
            name: "ContractTests",
            dependencies: ["Contract", "Secrets", "TestSupport", protobuf, crypto, cryptoExtras],
            swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["Planning"], path: "Tests/Simulation", swiftSettings: settings),
        .executableTarget(
            name: "delivery-simulator", dependencies: ["Planning", "Simulation"], path: "Tests/Simulator",
            swiftSettings: settings),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "Simulation"], swiftSettings: settings),
        .testTarget(
            name: "StoreTests", dependencies: ["Store", "CSQLite", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "DiagnosisTests", dependencies: ["Diagnosis", "Contract", "Store", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "RuntimeTests", dependencies: ["Runtime", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TransferTests", dependencies: ["FakePubSub", "Transfer", "Secrets", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AccountsTests",
            dependencies: [
                "Accounts", "Runtime", "Secrets", "Transfer", "TestSupport", grpc, grpcTransport, protobuf, logging,
                metrics,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ObservingTests",
            dependencies: [
                "Observing", "Runtime", "Secrets", "Transfer", "TestSupport", protobuf, logging, metrics,
            ], swiftSettings: settings),
        .testTarget(
            name: "RPCTests", dependencies: ["RPC", "Contract", "TestSupport", grpc, grpcTransport, protobuf],
            swiftSettings: settings),
        .testTarget(
            name: "ListeningTests",
            dependencies: [
                "Listening", "Runtime", "TestSupport", grpc, grpcTransport, nioCore, nioPosix, nioHTTP1, nioSSL,
                logging,
                lifecycle,
            ], swiftSettings: settings),
        .testTarget(
            name: "IngestTests",
            dependencies: [
                "Ingest", "Accounts", "Contract", "Observing", "Store", "RPC", "Runtime", "TestSupport", grpc,
                grpcTransport, protobuf,
            ], swiftSettings: settings),
        .testTarget(
            name: "ForwarderTests",
            dependencies: [
                "FakePubSub", "Forwarder", kafka, "Contract", "Observing", "Planning", "Runtime", "Secrets", "Store",
                "TestSupport", "Transfer",
                crypto, cryptoExtras, protobuf, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ConsoleTests",
            dependencies: ["Console", "Contract", "Forwarder", "Runtime", "Secrets", "Store", "TestSupport", logging],
            swiftSettings: settings),
        .testTarget(
            name: "OperatorTests",
            dependencies: [
                "Operator", "Contract", "Store", "Runtime", "RPC", "Forwarder", "TestSupport", grpc, grpcTransport,
                protobuf, argumentParser, logging, lifecycle,
            ], swiftSettings: settings),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "Contract", "FakePubSub", "Store", "RPC", "TestSupport", grpc, grpcTransport, protobuf, subprocess,
            ], path: "Tests/System", swiftSettings: settings),
    ]
)

// Sanitizers and fuzzers need only the rooms that touch untrusted bytes and C: GATEWAY_ROOMS=core leaves the gRPC graph
// out, so that such a build takes seconds.
if Context.environment["GATEWAY_ROOMS"] == "core" {
    let rooms: Set = [
        "CSQLite", "CSupport", "Contract", "Migrations", "Planning", "PlanningTests", "Secrets", "Simulation",
        "Store", "TestSupport", "ContractTests", "StoreTests", "delivery-simulator",
    ]
    package.products = []
    package.targets.removeAll { !rooms.contains($0.name) }
}

// The Kafka destination and its tests alone, so that CI builds them in a minute: of each room the files that they need,
// and no other packages. scripts/test-kafka builds it.
if Context.environment["GATEWAY_ROOMS"] == "kafka" {
    let destinations = [
        "DeliveryError", "DeliveryError+Making", "DeliveryErrorTable", "DeliveryReceipt", "DeliveryRequest",
        "Destination",
        "DestinationConfigurationError", "DestinationConfigurationError+Thread", "RequestLimits", "RequestLimits+Check",
        "Kafka/DeliveryErrorTable+Kafka", "Kafka/KafkaDelivery", "Kafka/KafkaDestination", "Kafka/KafkaLimits",
        "Kafka/KafkaProducer", "Kafka/KafkaProperties", "Kafka/KafkaSettings",
    ]
    let files: [String: [String]] = [
        "Secrets": ["Secret"],
        "Contract": ["Rendering/MessageArena", "Rendering/RenderedMessage", "Transcoding/TranscodingFault"],
        "Store": ["StoreError", "Receipts/DeliveryReferences", "Threads/DedicatedThread"],
        "Runtime": [
            "Configuration/ByteCountText", "Lifecycle/ErrorNumber", "Lifecycle/ExitCode",
            "Lifecycle/ExitCodeConvertible",
            "Lifecycle/FileBytes", "Lifecycle/RuntimeFailure",
        ],
        "Forwarder": destinations.map { "Destinations/" + $0 },
        "TestSupport": ["Gzip"],
        "ForwarderTests": [
            "Destinations/KafkaConformanceTests", "Support/DestinationConformance", "Support/KafkaMockCluster",
            "Support/ReceivedMessage", "Support/TemporaryDirectory", "Support/TestMessages",
        ],
    ]
    let rooms: [String: [Target.Dependency]] = [
        "CRDKafka": [], "CSupport": [], "Secrets": [], "Contract": [], "Store": ["CSupport"], "Runtime": [],
        "Forwarder": ["CRDKafka", "Contract", "Runtime", "Secrets", "Store"], "TestSupport": [],
        "ForwarderTests": ["CRDKafka", "Contract", "Forwarder", "TestSupport"],
    ]
    package.products = []
    package.dependencies = []
    package.targets.removeAll { rooms[$0.name] == nil }
    for target in package.targets {
        target.dependencies = rooms[target.name] ?? []
        target.sources = files[target.name]?.map { $0 + ".swift" }
    }
}

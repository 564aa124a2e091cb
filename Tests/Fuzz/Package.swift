// swift-tools-version: 6.2
import PackageDescription

// A package of its own, run by hand through scripts/fuzz: libFuzzer brings its own `main`, which needs flags that the
// product's manifest does not allow. `Sources/Contract` is a link to the real room, compiled here with the fuzzer's
// instrumentation and as part of this package, so that its package-level API is in reach.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "telemetry-gateway-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: [])
    ],
    targets: [
        .target(
            name: "Contract", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            // Licence keys need swift-crypto, which the fuzzer's instrumentation would slow down; nothing else needs them.
            exclude: ["Protos", "Licence"], swiftSettings: settings),
        .executableTarget(
            name: "ScanFuzz",
            dependencies: ["Contract", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
        // Its comparison is the one of the tests, by links.
        .executableTarget(
            name: "RenderFuzz",
            dependencies: ["Contract", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
        // So is this one's.
        .executableTarget(
            name: "BodyFuzz",
            dependencies: ["Contract", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
        // Its parser is the product's, by links.
        .executableTarget(
            name: "LicenceFuzz", swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
    ]
)

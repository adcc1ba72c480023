// swift-tools-version: 6.2
// The architecture of handoffd: a target is a stage, and its dependencies are the only way in.
//
//   doors    one C library each, no logic
//   faces    one Swift module per door, and one for the platform; `unsafe` lives here alone
//   domain   what handoffs mean: no C, no `unsafe`, no clock
//   service  configuration, routes, the daemon; knows everything below
import PackageDescription

let language: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

func door(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/Doors/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func face(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Faces/\(name)", swiftSettings: language)
}

/// The spool is optimised in debug builds too: its model test lives a hundred thousand lives of it.
func settings(_ name: String) -> [SwiftSetting] {
  language + (name == "Spool" ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])
}

func domain(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Domain/\(name)", swiftSettings: settings(name),
    linkerSettings: [.linkedLibrary("m")])
}

func service(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Service/\(name)", swiftSettings: language
  )
}

func program(
  _ name: String, _ dependencies: [Target.Dependency], path: String, exclude: [String] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: language,
    plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", exclude: data,
    swiftSettings: settings(name))
}

let doors: [Target] = [
  door("CMicrohttpd", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
  door("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
  door("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
  door("CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev"),
  door("CYaml", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
  door("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
  door("CXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev"),
  door("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
  .target(
    name: "CSimdjson", path: "Sources/Doors/CSimdjson", cxxSettings: [.unsafeFlags(["-O2"])],
    linkerSettings: [.linkedLibrary("simdjson")]),
  .target(name: "CPlatform", path: "Sources/Doors/CPlatform"),
]

let faces: [Target] = [
  face("Platform", ["CPlatform"]),
  face("HTTPServer", ["CMicrohttpd", "CPlatform", "Platform", "Bytes"]),
  face("HTTPClient", ["CCurl", "Platform"]),
  face("Postgres", ["CPostgres", "CPlatform", "Platform", "Bytes"]),
  face("JSONIndex", ["CSimdjson"]),
  face("Compression", ["CZlib", "CDeflate"]),
  face("YAML", ["CYaml"]),
  face("Hashing", ["CXXHash"]),
  face("Crypto", ["CCrypto"]),
  face("Bytes", []),
]

let stages: [Target] = [
  domain("Wording", []),
  domain("Model", ["Bytes", "Hashing"]),
  domain("Dialects", ["Model", "Crypto", "Hashing", "Bytes"]),
  domain("Decoding", ["Dialects", "Model", "JSONIndex", "Compression", "Hashing", "Bytes"]),
  domain("Envelopes", ["Dialects", "Decoding", "Model", "Bytes"]),
  domain("Spool", ["Platform", "Hashing", "Bytes"]),
  domain("Store", ["Model", "Analytics", "Spool", "Postgres", "Platform", "Hashing", "Bytes"]),
  domain("Audit", ["Model", "Bytes"]),
  domain("Exposition", []),
  domain("Analytics", ["Model", "Hashing", "Bytes"]),
  domain("Catalogue", ["Exposition", "Analytics", "Model"]),
  domain("Alerts", ["Analytics", "Model", "Wording", "YAML", "Hashing", "Crypto", "Bytes"]),
]

let services: [Target] = [
  service("Configuration", ["Alerts", "Dialects", "YAML", "Platform", "Wording"]),
  service("Delivery", ["Alerts", "Crypto", "HTTPClient", "Model", "Platform"]),
  service("PrivateCluster", ["Platform", "Postgres"]),
  service(
    "Sidecar",
    [
      "Bytes", "Configuration", "PrivateCluster", "Dialects", "Decoding", "Envelopes", "Model", "Spool",
      "Store", "Analytics",
      "Audit", "Exposition", "Wording", "Alerts", "Delivery",
      "Catalogue", "HTTPServer", "HTTPClient", "Platform", "Postgres", "Hashing", "Compression",
    ]),
  .plugin(name: "CommitStamp", capability: .buildTool(), path: "Sources/Service/CommitStamp"),
  program(
    "handoffd",
    [
      "Sidecar", "Configuration", "Dialects", "HTTPClient", "Compression", "Platform", "Wording", "Alerts",
      "Analytics", "Decoding", "Delivery", "Model", "Bytes",
    ],
    path: "Sources/Service/handoffd", plugins: ["CommitStamp"]),
  program(
    "handoffd-bench",
    [
      "Sidecar", "Store", "Model", "Decoding", "Spool", "Postgres", "HTTPServer", "Platform",
      "PrivateCluster", "TestSupport", "Bytes", "Analytics", "Alerts", "Hashing",
      "LoadGenerator", "BareServer",
    ], path: "Sources/Service/Bench", exclude: ["Load", "BareServer"]),
  // The yardstick of the benchmark and its load; both are faces, in that they talk to the system themselves.
  .target(
    name: "LoadGenerator", dependencies: ["CPlatform", "Platform"], path: "Sources/Service/Bench/Load",
    swiftSettings: language),
  .target(
    name: "BareServer", dependencies: ["CMicrohttpd", "CPlatform", "Platform"],
    path: "Sources/Service/Bench/BareServer", swiftSettings: language),
]

let verification: [Target] = [
  .target(
    name: "TestSupport",
    dependencies: ["Platform", "Postgres", "PrivateCluster", "Model"],
    path: "Tests/TestSupport", swiftSettings: language),
  tests("Platform", ["Platform", "Hashing", "TestSupport"]),
  tests("HTTPServer", ["HTTPServer", "Platform", "LoadGenerator", "TestSupport"]),
  tests("HTTPClient", ["HTTPClient", "Platform", "TestSupport"]),
  tests("YAML", ["YAML"]),
  tests("Model", ["Model", "Bytes", "Hashing", "TestSupport"]),
  tests("Bytes", ["Bytes", "TestSupport"]),
  tests("Dialects", ["Dialects", "Decoding", "Model", "Bytes", "TestSupport"]),
  tests("Envelopes", ["Envelopes", "Dialects", "Model", "Bytes", "TestSupport"]),
  tests(
    "Decoding",
    ["Decoding", "Dialects", "Model", "JSONIndex", "Compression", "Hashing", "Bytes", "TestSupport"]),
  tests("Spool", ["Spool", "Platform", "Hashing", "Bytes"], data: ["Golden"]),
  tests("Store", ["Store", "Analytics", "Postgres", "Model", "Spool", "Platform", "TestSupport"]),
  tests("Configuration", ["Configuration", "YAML", "Platform", "TestSupport", "Wording"]),
  tests(
    "Command",
    ["handoffd", "Bytes", "Configuration", "HTTPClient", "Compression", "Platform", "TestSupport"],
    data: ["Golden"]),
  tests("PrivateCluster", ["PrivateCluster", "Postgres", "Platform", "TestSupport"]),
  tests("Audit", ["Audit", "Model", "Decoding", "TestSupport"]),
  tests("Exposition", ["Exposition"]),
  tests("Analytics", ["Analytics", "Model", "Hashing", "Bytes"]),
  tests(
    "Delivery",
    ["Delivery", "Alerts", "Crypto", "HTTPClient", "Model", "Platform", "TestSupport"]),
  tests(
    "Alerts", ["Alerts", "Analytics", "Model", "Hashing", "Bytes", "Crypto", "TestSupport"], data: ["Golden"]),
  tests(
    "Catalogue",
    [
      "handoffd", "Catalogue", "Exposition", "Analytics", "Model", "Hashing", "Bytes", "Platform",
      "TestSupport",
    ]),
  tests(
    "Oracle",
    ["handoffd", "Decoding", "Model", "Hashing", "Postgres", "Platform", "TestSupport"]),
  tests(
    "Sidecar",
    [
      "Sidecar", "Configuration", "Dialects", "Envelopes", "HTTPClient", "HTTPServer", "Store", "Spool",
      "Model", "Decoding",
      "Catalogue", "Exposition", "Compression", "Postgres", "Platform", "TestSupport",
    ]),
]

/// Fuzz targets have no `main` of their own, so they exist only for `make fuzz`.
let fuzzing: [Target] =
  Context.environment["HANDOFFD_FUZZ"] == nil
  ? []
  : [
    ("FuzzDecoder", ["Decoding", "Dialects", "Model", "Bytes"] as [Target.Dependency]),
    ("FuzzSegment", ["Spool", "Platform"]),
    ("FuzzTarget", ["HTTPServer"]),
    ("FuzzConfiguration", ["Configuration"]),
  ].map { name, dependencies in
    .executableTarget(
      name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)", swiftSettings: language)
  }

let package = Package(
  name: "handoffd",
  products: [.executable(name: "handoffd", targets: ["handoffd"])],
  targets: doors + faces + stages + services + verification + fuzzing,
  cxxLanguageStandard: .cxx17
)

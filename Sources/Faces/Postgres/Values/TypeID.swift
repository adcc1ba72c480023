/// The number PostgreSQL knows a type by; those of the built-in types are fixed.
public struct TypeID: RawRepresentable, Hashable, Sendable {
  /// The number.
  public var rawValue: UInt32

  /// Wraps a number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The server decides.
  public static let unspecified = Self(0)
  /// SQL's `boolean`.
  public static let bool = Self(16)
  /// SQL's `bytea`.
  public static let bytea = Self(17)
  /// SQL's `name`.
  public static let name = Self(19)
  /// SQL's `bigint`.
  public static let int8 = Self(20)
  /// SQL's `smallint`.
  public static let int2 = Self(21)
  /// SQL's `integer`.
  public static let int4 = Self(23)
  /// SQL's `text`.
  public static let text = Self(25)
  /// SQL's `oid`.
  public static let oid = Self(26)
  /// SQL's `json`.
  public static let json = Self(114)
  /// SQL's `real`.
  public static let float4 = Self(700)
  /// SQL's `double precision`.
  public static let float8 = Self(701)
  /// SQL's `character varying`.
  public static let varchar = Self(1043)
  /// SQL's `timestamp with time zone`.
  public static let timestamptz = Self(1184)
  /// SQL's `uuid`.
  public static let uuid = Self(2950)

  /// The type of arrays of this type, for the types above.
  public var array: TypeID {
    switch self {
    case .bool: Self(1000)
    case .bytea: Self(1001)
    case .name: Self(1003)
    case .int2: Self(1005)
    case .int4: Self(1007)
    case .text: Self(1009)
    case .varchar: Self(1015)
    case .int8: Self(1016)
    case .float4: Self(1021)
    case .float8: Self(1022)
    case .oid: Self(1028)
    case .timestamptz: Self(1185)
    case .json: Self(199)
    case .uuid: Self(2951)
    default: .unspecified
    }
  }
}

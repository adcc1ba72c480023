/// One step of the schema: statements that are run in one transaction, one after another.
///
/// A migration that was released is never changed; a change is a new one.
struct Migration: Sendable {
  /// Its number, from 1 without gaps.
  var version: Int
  /// The oldest version whose sidecars still work with the schema this leaves behind.
  var oldestReader: Int
  /// One DDL statement each.
  var statements: [String]

  /// All, in order.
  static let all: [Migration] = [first]

  /// The version this program knows.
  static var current: Int { all.last?.version ?? 0 }
}

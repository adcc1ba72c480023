/// Something in the test's own equipment that did not work; not a finding about the code under test.
public struct TestFailure: Error, CustomStringConvertible {
  /// What happened.
  public var description: String

  /// Says what happened.
  public init(_ description: String) {
    self.description = description
  }
}

import Model

/// The one table of facts while no event uses it.
struct SpareFacts: Sendable {
  private var table: FactPlaces? = FactPlaces()

  /// The table, or a new one where it is in use.
  mutating func take() -> FactPlaces {
    table.take() ?? FactPlaces()
  }

  mutating func give(_ table: consuming FactPlaces) { self.table = table }
}

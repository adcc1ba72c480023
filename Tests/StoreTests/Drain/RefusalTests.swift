import Model
import Platform
import Postgres
import Store
import TestSupport
import Testing

@Suite struct RefusalTests {
  /// Makes the server refuse the first `count` batches with a state, and no other.
  private func refuse(_ rig: Rig, _ state: String, _ count: Int) throws {
    try rig.database.psql(
      """
      CREATE SEQUENCE refusals;
      GRANT USAGE ON SEQUENCE refusals TO handoffd;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- A sequence counts on where a transaction is rolled back.
        IF nextval('public.refusals') <= \(count) THEN
          RAISE EXCEPTION USING ERRCODE = '\(state)', MESSAGE = 'refused by the test';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON handoffd.handoffs FOR EACH STATEMENT EXECUTE FUNCTION refuse()
      """)
  }

  @Test(arguments: [
    "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "58030",
    "08006",
    "25006", "25P03", "XX000", "42501", "28000", "P0001", "99999",
  ])
  func `a batch that is refused for a while is stored once that is over`(_ state: String) throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.isUp }
    try refuse(rig, state, 2)
    source.append([
      Occurrence(type: .initiated, id: "a"), Occurrence(type: .completed, id: "b", at: Occurrence.base + 1),
    ])
    try store.drained(source, within: .seconds(60))
    #expect(try rig.count("handoff_events") == 2)
    #expect(try rig.count("quarantine") == 0)
    #expect(store.status.errors[.write] == 2)
    #expect(store.status.fault == nil)
  }

  @Test(arguments: ["22P02", "22021", "22003", "23502", "23514", "54000", "21000"])
  func `a batch that is refused for its values is taken apart, and stored`(_ state: String) throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.isUp }
    // The batch, the batch again with care, and its first half: then the server is content.
    try refuse(rig, state, 2)
    source.append((0..<8).map { Occurrence(type: .initiated, id: "a", handoff: "ho_\($0)") })
    try store.drained(source)
    #expect(try rig.count("handoff_events") == 8)
    #expect(try rig.count("quarantine") == 0)
  }

  @Test func `a server that refuses every value blocks nobody, and loses nothing`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.isUp }
    try refuse(rig, "22P02", 1_000_000)
    source.append((0..<20).map { Occurrence(type: .initiated, id: "a", handoff: "ho_\($0)") })
    try store.drained(source)
    #expect(try rig.count("handoff_events") == 0)
    #expect(try rig.count("quarantine") == 20)
  }
}

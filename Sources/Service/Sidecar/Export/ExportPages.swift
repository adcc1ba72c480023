import Platform
import Store

/// The pages of an export, one after another; the next is fetched on a lane of its own while one is rendered and sent.
///
/// At most two are there at a time: the one that was given out, and the one that waits.
final class ExportPages: Sendable {
  private enum Slot: Sendable {
    case empty
    case page(Export.Page)
    case failed(StoreError)
    case closed
  }

  private let gate = Gate(Slot.empty)

  /// Calls `body` with each page from `place` on, until there is none or it wants no more.
  func each(
    of export: Export, from place: Export.Place?, _ queries: StoreQueries,
    _ body: (Export.Page) throws(StoreError) -> Bool
  ) throws(StoreError) {
    guard let place else { return }
    let lane = try? Lane(name: "export-ahead") { [self] in fetch(export, place, queries) }
    defer {
      gate.withLock { $0 = .closed }
      gate.broadcast()
      lane?.join()
    }
    var next: Export.Place? = place
    while let place = next {
      let page = try lane == nil ? export.page(queries, at: place) : take()
      guard try body(page) else { return }
      next = page.next
    }
  }

  private func take() throws(StoreError) -> Export.Page {
    let taken = gate.wait(until: nil) { slot -> Result<Export.Page, StoreError>? in
      switch slot {
      case .page(let page):
        slot = .empty
        return .success(page)
      case .failed(let error): return .failure(error)
      case .empty, .closed: return nil
      }
    }
    gate.broadcast()
    guard let taken else { throw StoreError(.unavailable, "export", cause: "its lane is gone") }
    return try taken.get()
  }

  private func fetch(_ export: Export, _ first: Export.Place, _ queries: StoreQueries) {
    var next: Export.Place? = first
    while let place = next {
      do throws(StoreError) {
        let page = try export.page(queries, at: place)
        next = page.next
        guard put(.page(page)) else { return }
      } catch {
        _ = put(.failed(error))
        return
      }
    }
  }

  /// Puts something where it is taken from, once there is room; false where nobody takes any more.
  private func put(_ new: Slot) -> Bool {
    let isPut = gate.wait(until: nil) { slot -> Bool? in
      switch slot {
      case .empty:
        slot = new
        return true
      case .closed: return false
      case .page, .failed: return nil
      }
    }
    gate.broadcast()
    return isPut ?? false
  }
}

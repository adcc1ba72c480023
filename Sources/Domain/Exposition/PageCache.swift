/// Pages kept for as long as what they show is the same.
public struct PageCache<Key: Hashable & Sendable, Version: Equatable & Sendable>: Sendable {
  private var pages: [Key: (version: Version, page: [UInt8])] = [:]

  /// An empty cache.
  public init() {}

  /// The page of that key, made anew where the one at hand shows another version.
  public mutating func page(_ key: Key, _ version: Version, make: () -> [UInt8]) -> [UInt8] {
    if let kept = pages[key], kept.version == version { return kept.page }
    let page = make()
    pages[key] = (version, page)
    return page
  }
}

package import Platform

/// The user the server runs as: PostgreSQL refuses to run as root.
package struct ServerAccount: Hashable, Sendable {
  /// The user's number.
  package var uid: UInt32
  /// The number of the user's group.
  package var gid: UInt32
  /// The user's name, where it is known.
  package var name: String?

  /// What a child has to become; nil when it is this process's user already.
  package var switching: Command.Account? {
    uid == Identity.uid ? nil : Command.Account(uid: uid, gid: gid)
  }

  /// This process's user; for root the owner of the cluster if there is one, else `postgres`, else `nobody`.
  package static func forServer(ownerOfCluster owner: UInt32? = nil) throws(ClusterError) -> ServerAccount {
    let own = Identity.uid
    if own != 0 {
      if let owner, owner != own { throw .foreignCluster(owner: owner) }
      return ServerAccount(uid: own, gid: Identity.gid, name: Identity.user(uid: own)?.name)
    }
    if let owner, owner != 0 {
      let user = Identity.user(uid: owner)
      return ServerAccount(uid: owner, gid: user?.gid ?? owner, name: user?.name)
    }
    for name in ["postgres", "nobody"] {
      if let user = Identity.user(named: name) {
        return ServerAccount(uid: user.uid, gid: user.gid, name: name)
      }
    }
    throw .noAccount()
  }
}

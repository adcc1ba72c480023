/// How a private server is set.
enum ServerSettings {
  /// What must hold whatever the cluster's files say: given on the command line.
  static func required(socketDirectory: String) -> [(String, String)] {
    [
      ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", socketDirectory),
      ("unix_socket_permissions", "0700"), ("fsync", "on"), ("full_page_writes", "on"),
      ("log_destination", "stderr"), ("logging_collector", "off"), ("log_line_prefix", "%m [%p] "),
      // Errors are told without the rows that caused them.
      ("log_error_verbosity", "terse"), ("log_min_error_statement", "panic"), ("log_timezone", "UTC"),
    ]
  }

  /// What suits a small machine; written once to the end of postgresql.conf, where it may be changed.
  static let defaults = """

    # Written by handoffd when it made this cluster; yours to change from here on.
    # What must hold (a Unix socket only, durable writes, where the log goes) is given on the command line.
    shared_buffers = 64MB
    max_connections = 50
    synchronous_commit = on
    max_wal_size = 1GB
    min_wal_size = 80MB
    wal_compression = on
    max_parallel_workers_per_gather = 0
    jit = off
    timezone = 'UTC'
    log_min_messages = warning
    log_checkpoints = off

    """

  /// Who may connect: whoever reaches the socket and knows a password.
  static let access = """
    # Written by handoffd when it made this cluster.
    # TYPE  DATABASE     USER  METHOD
    local   all          all   scram-sha-256
    local   replication  all   scram-sha-256

    """
}

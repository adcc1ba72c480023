#pragma once
// The library's enums are closed, which Swift imports without their C constants, and a few of its calls are
// variadic, which Swift does not import at all. Here is a name for each of these that is used, and nothing more.
#include <microhttpd.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static const enum MHD_Result hd_mhd_yes = MHD_YES;
static const enum MHD_Result hd_mhd_no = MHD_NO;
static const enum MHD_ValueKind hd_mhd_header_kind = MHD_HEADER_KIND;
static const enum MHD_ResponseMemoryMode hd_mhd_copy = MHD_RESPMEM_MUST_COPY;
static const enum MHD_ResponseMemoryMode hd_mhd_keep = MHD_RESPMEM_PERSISTENT;
/// The lengths of a body that is made while it is sent; the library's macros are casts, which Swift does not import.
static const uint64_t hd_mhd_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t hd_mhd_stream_end = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t hd_mhd_stream_error = MHD_CONTENT_READER_END_WITH_ERROR;
static const enum MHD_ConnectionNotificationCode hd_mhd_started = MHD_CONNECTION_NOTIFY_STARTED;
static const enum MHD_RequestTerminationCode hd_mhd_completed = MHD_REQUEST_TERMINATED_COMPLETED_OK;

static const enum MHD_OPTION hd_mhd_option_end = MHD_OPTION_END;
static const enum MHD_OPTION hd_mhd_option_strict = MHD_OPTION_STRICT_FOR_CLIENT;
static const enum MHD_OPTION hd_mhd_option_listen = MHD_OPTION_LISTEN_SOCKET;
static const enum MHD_OPTION hd_mhd_option_connections = MHD_OPTION_CONNECTION_LIMIT;
static const enum MHD_OPTION hd_mhd_option_memory = MHD_OPTION_CONNECTION_MEMORY_LIMIT;
static const enum MHD_OPTION hd_mhd_option_target = MHD_OPTION_URI_LOG_CALLBACK;
static const enum MHD_OPTION hd_mhd_option_unescape = MHD_OPTION_UNESCAPE_CALLBACK;
static const enum MHD_OPTION hd_mhd_option_completed = MHD_OPTION_NOTIFY_COMPLETED;
static const enum MHD_OPTION hd_mhd_option_connection = MHD_OPTION_NOTIFY_CONNECTION;

/// epoll, run by a thread of ours; with suspend and resume, and errors told to the logger.
static const unsigned int hd_mhd_flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

/// No listening socket: connections are handed to it.
static const unsigned int hd_mhd_handed = MHD_USE_NO_LISTEN_SOCKET;

/// Who gets the library's complaints, as text.
struct hd_mhd_logger {
  void (*_Nonnull write)(void *_Nullable context, const char *_Nonnull text);
  void *_Nullable context;
};

/// The library's logger takes a va_list, with which Swift has no function type.
static void hd_mhd_log(void *_Nonnull logger, const char *_Nonnull format, va_list arguments) {
  const struct hd_mhd_logger *to = logger;
  char text[256];
  if (vsnprintf(text, sizeof text, format, arguments) >= 0) to->write(to->context, text);
}

/// MHD_start_daemon is variadic. Everything else comes in `options`; `logger` must outlive the daemon.
static inline struct MHD_Daemon *_Nullable hd_mhd_start(
  unsigned int flags, const struct hd_mhd_logger *_Nonnull logger, MHD_AccessHandlerCallback _Nonnull answer,
  void *_Nullable context, const struct MHD_OptionItem *_Nonnull options) {
  return MHD_start_daemon(
    flags, 0, NULL, NULL, answer, context, MHD_OPTION_EXTERNAL_LOGGER, &hd_mhd_log, logger,
    MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/// MHD_get_connection_info is variadic. What the notify callback stored for this connection.
static inline void *_Nullable hd_mhd_socket_context(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/// The size of the request's head in bytes, once it is complete.
static inline size_t hd_mhd_head_size(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}

/// The connection's socket, or -1.
static inline int hd_mhd_socket(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// The other side's address, or null.
static inline const struct sockaddr *_Nullable hd_mhd_peer(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

/// MHD_get_daemon_info is variadic. What to wait on before MHD_run, or -1.
static inline int hd_mhd_epoll(struct MHD_Daemon *_Nonnull daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info ? info->epoll_fd : -1;
}

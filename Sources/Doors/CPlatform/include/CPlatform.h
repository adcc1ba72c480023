#pragma once
// Wrappers for what Swift cannot import (variadic calls, macros), and the one thing it must not do itself:
// run between fork and exec.
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

/// open(2) is variadic.
static inline int hd_open(const char *_Nonnull path, int flags, mode_t mode) {
  return open(path, flags, mode);
}

/// fcntl(2) is variadic.
static inline int hd_duplicate_above_standard(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

/// pipe2(2) and pthread_setname_np(3) are hidden from Swift, which imports Glibc without _GNU_SOURCE.
int hd_pipe(int ends[_Nonnull 2]);
void hd_name_thread(const char *_Nonnull name);

/* A word that each thread has for itself; null at first. */
void *_Nullable hd_lane_word(void);
void hd_set_lane_word(void *_Nullable word);

/// accept4(2) is hidden likewise. The new socket neither blocks nor is inherited; `address` has `size` bytes.
int hd_accept(int listener, void *_Nonnull address, uint32_t *_Nonnull size);

/// linux/filter.h is not a part of Swift's Glibc, and its program is made of macros. From now on the listener takes no
/// further handshakes, so that those that wait are the last.
int hd_refuse_connections(int listener);

/// Whether Swift finds the flags of recv(2) depends on which module came first to their header. 1 where bytes wait,
/// 0 where the other side has ended, -1 where there is nothing yet.
int hd_peek(int socket);

/// syscall(2) is variadic, and Debian 12's glibc has no pidfd_open of its own.
int hd_pidfd_open(pid_t pid);
int hd_pidfd_signal(int handle, int number);

/// The wait status is read by macros. The exit code, or 128 plus the signal that ended the process.
int hd_exit_code(int status);

/// mallopt's parameters are macros, and malloc.h is not a part of Swift's Glibc.
void hd_tune_malloc(int arenas, int trim_threshold, int mmap_threshold);
void hd_trim_malloc(void);

/// What hd_spawn starts.
struct hd_spawn_request {
  const char *_Nonnull executable;
  char *_Nullable const *_Nonnull arguments;
  char *_Nullable const *_Nonnull environment;
  /// Null: the parent's.
  const char *_Nullable directory;
  /// Become 0, 1 and 2 of the child.
  int input, output, error;
  /// Whether to become user and group below, with no other groups.
  bool change_user;
  uid_t user;
  gid_t group;
  /// Whether to leave the terminal's session, so that Ctrl-C reaches the parent only.
  bool new_session;
  /// Whether it is killed when the thread that started it ends.
  bool die_with_parent;
};

/// The step of hd_spawn that failed.
enum hd_spawn_step {
  hd_spawn_fork,
  hd_spawn_pipe,
  hd_spawn_session,
  hd_spawn_files,
  hd_spawn_user,
  hd_spawn_directory,
  hd_spawn_execute,
};

/// fork and execve. In C because after fork in a process with threads only async-signal-safe calls are allowed,
/// and no Swift code is. Returns 0 and the pid, or errno and the step that failed, also when that was in the child.
int hd_spawn(const struct hd_spawn_request *_Nonnull request, pid_t *_Nonnull pid, int *_Nonnull step);

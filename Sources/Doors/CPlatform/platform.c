#define _GNU_SOURCE
#include "CPlatform.h"

#include <grp.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/prctl.h>
#include <linux/filter.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int hd_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int hd_accept(int listener, void *address, uint32_t *size) {
  return accept4(listener, address, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int hd_refuse_connections(int listener) {
  struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
  struct sock_fprog program = {1, &nothing};
  return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int hd_peek(int socket) {
  char byte;
  return (int)recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
}

void hd_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

static _Thread_local void *lane_word;

void *hd_lane_word(void) { return lane_word; }
void hd_set_lane_word(void *word) { lane_word = word; }

int hd_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int hd_pidfd_signal(int handle, int number) { return (int)syscall(SYS_pidfd_send_signal, handle, number, NULL, 0); }

int hd_exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void hd_tune_malloc(int arenas, int trim_threshold, int mmap_threshold) {
  mallopt(M_ARENA_MAX, arenas);
  mallopt(M_TRIM_THRESHOLD, trim_threshold);
  mallopt(M_MMAP_THRESHOLD, mmap_threshold);
}

void hd_trim_malloc(void) { malloc_trim(0); }

struct report {
  int step, error;
};

static void fail(int report_to, int step) {
  struct report report = {step, errno};
  // A pipe takes this in one piece; if it does not, the parent sees an end of file and calls it EIO.
  ssize_t written = write(report_to, &report, sizeof report);
  (void)written;
  _exit(127);
}

/// Copies above the standard three first, so that one of them may be the source of another.
static bool place_files(const struct hd_spawn_request *request) {
  int from[3] = {request->input, request->output, request->error};
  for (int target = 0; target < 3; target++) {
    from[target] = fcntl(from[target], F_DUPFD_CLOEXEC, 3);
    if (from[target] < 0) return false;
  }
  for (int target = 0; target < 3; target++) {
    if (dup2(from[target], target) < 0) return false;
  }
  return true;
}

static void reset_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(const struct hd_spawn_request *request, pid_t parent, int report_to) {
  if (request->new_session && setsid() < 0) fail(report_to, hd_spawn_session);
  if (!place_files(request)) fail(report_to, hd_spawn_files);
  // Descriptors of libraries that forgot CLOEXEC must not leak either: an inherited lock outlives its owner.
  syscall(SYS_close_range, 3u, ~0u, 1u << 2 /* CLOSE_RANGE_CLOEXEC */);
  if (request->change_user &&
      (setgroups(1, &request->group) || setgid(request->group) || setuid(request->user)))
    fail(report_to, hd_spawn_user);
  if (request->directory && chdir(request->directory)) fail(report_to, hd_spawn_directory);
  // After the change of user, which takes it back. The parent may have gone in between.
  if (request->die_with_parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)) _exit(127);
  reset_signals();
  execve(request->executable, request->arguments, request->environment);
  fail(report_to, hd_spawn_execute);
}

/// What the child says went wrong: nothing when execve closed the pipe.
static int heard(int from, int *step) {
  struct report report = {hd_spawn_execute, 0};
  ssize_t count;
  do count = read(from, &report, sizeof report);
  while (count < 0 && errno == EINTR);
  *step = report.step;
  return count == 0 ? 0 : count == sizeof report ? report.error : EIO;
}

int hd_spawn(const struct hd_spawn_request *request, pid_t *pid, int *step) {
  int report[2];
  *step = hd_spawn_pipe;
  if (pipe2(report, O_CLOEXEC)) return errno;
  // No handler of the parent may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *step = hd_spawn_fork;
  pid_t parent = getpid(), child = fork();
  int error = errno;
  if (child == 0) become(request, parent, report[1]);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (child > 0) error = heard(report[0], step);
  close(report[0]);
  if (child > 0 && error) waitpid(child, NULL, 0);
  *pid = child;
  return error;
}

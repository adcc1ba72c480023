#pragma once
// Wrappers for what Swift cannot import: variadic calls and macros.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/types.h>

/// open(2) is variadic.
static inline int hd_open(const char *_Nonnull path, int flags, mode_t mode) {
  return open(path, flags, mode);
}

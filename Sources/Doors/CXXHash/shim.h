#pragma once
// Inlined, so that hashing a short token costs no call.
#define XXH_INLINE_ALL
#include <xxhash.h>

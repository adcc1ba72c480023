#pragma once
// The library's own optimised code, not XXH_INLINE_ALL: inlined bodies would be unoptimised in debug builds.
#include <xxhash.h>

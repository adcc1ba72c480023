#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One reusable index over JSON bytes: the positions of every structural character and scalar start.
typedef struct hd_json_index hd_json_index;

hd_json_index *_Nullable hd_json_index_create(void);
void hd_json_index_destroy(hd_json_index *_Nonnull index);

/// What building may answer; anything else is another of simdjson's codes.
enum {
  HD_JSON_SUCCESS,
  HD_JSON_CAPACITY,
  HD_JSON_MEMALLOC,
  HD_JSON_UTF8_ERROR,
  HD_JSON_EMPTY,
  HD_JSON_UNESCAPED_CHARS,
  HD_JSON_UNCLOSED_STRING,
  HD_JSON_OTHER = 1000
};

/// Indexes `length` bytes. Returns one of the codes above, or HD_JSON_OTHER plus simdjson's.
int hd_json_index_build(hd_json_index *_Nonnull index, const uint8_t *_Nonnull bytes, size_t length);

/// The positions found by the last successful build, followed by the length of the text; valid until
/// the next one.
const uint32_t *_Nonnull hd_json_index_positions(const hd_json_index *_Nonnull index);
size_t hd_json_index_count(const hd_json_index *_Nonnull index);

#ifdef __cplusplus
}
#endif

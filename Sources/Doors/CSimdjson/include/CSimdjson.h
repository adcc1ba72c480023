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

/// Indexes `length` bytes. Returns 0, or simdjson's error code.
int hd_json_index_build(hd_json_index *_Nonnull index, const uint8_t *_Nonnull bytes, size_t length);

/// The positions found by the last successful build; valid until the next one.
const uint32_t *_Nonnull hd_json_index_positions(const hd_json_index *_Nonnull index);
size_t hd_json_index_count(const hd_json_index *_Nonnull index);

/// Whether the bytes are well-formed UTF-8.
int hd_json_utf8_valid(const uint8_t *_Nonnull bytes, size_t length);

#ifdef __cplusplus
}
#endif

// simdjson behind a C face: its first stage alone (UTF-8 validation and structural positions).
#include "CSimdjson.h"

#include <simdjson.h>

struct hd_json_index {
  simdjson::dom::parser parser;
};

hd_json_index *hd_json_index_create(void) { return new (std::nothrow) hd_json_index; }

void hd_json_index_destroy(hd_json_index *index) { delete index; }

int hd_json_index_build(hd_json_index *index, const uint8_t *bytes, size_t length) {
  auto &parser = index->parser;
  if (parser.capacity() < length || parser.capacity() == 0) {
    auto error = parser.allocate(length < 4096 ? 4096 : length);
    if (error) return error;
  }
  return parser.implementation->stage1(bytes, length, simdjson::stage1_mode::regular);
}

const uint32_t *hd_json_index_positions(const hd_json_index *index) {
  return index->parser.implementation->structural_indexes.get();
}

size_t hd_json_index_count(const hd_json_index *index) {
  return index->parser.implementation->n_structural_indexes;
}

int hd_json_utf8_valid(const uint8_t *bytes, size_t length) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length) ? 1 : 0;
}

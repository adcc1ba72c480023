// simdjson behind a C face: its first stage alone (UTF-8 validation and structural positions).
#include "CSimdjson.h"

#include <simdjson.h>

struct hd_json_index {
  simdjson::dom::parser parser;
};

hd_json_index *hd_json_index_create(void) { return new (std::nothrow) hd_json_index; }

void hd_json_index_destroy(hd_json_index *index) { delete index; }

static int answer(simdjson::error_code code) {
  switch (code) {
  case simdjson::SUCCESS: return HD_JSON_SUCCESS;
  case simdjson::CAPACITY: return HD_JSON_CAPACITY;
  case simdjson::MEMALLOC: return HD_JSON_MEMALLOC;
  case simdjson::UTF8_ERROR: return HD_JSON_UTF8_ERROR;
  case simdjson::EMPTY: return HD_JSON_EMPTY;
  case simdjson::UNESCAPED_CHARS: return HD_JSON_UNESCAPED_CHARS;
  case simdjson::UNCLOSED_STRING: return HD_JSON_UNCLOSED_STRING;
  default: return HD_JSON_OTHER + static_cast<int>(code);
  }
}

int hd_json_index_build(hd_json_index *index, const uint8_t *bytes, size_t length) {
  auto &parser = index->parser;
  if (parser.capacity() < length || parser.capacity() == 0) {
    // Depth matters to the second stage alone, which is not used.
    auto error = parser.allocate(length < 4096 ? 4096 : length, 1);
    if (error) return answer(error);
  }
  return answer(parser.implementation->stage1(bytes, length, simdjson::stage1_mode::regular));
}

const uint32_t *hd_json_index_positions(const hd_json_index *index) {
  return index->parser.implementation->structural_indexes.get();
}

size_t hd_json_index_count(const hd_json_index *index) {
  return index->parser.implementation->n_structural_indexes;
}

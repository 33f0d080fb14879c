/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one C++ file: simdjson behind a C face. Its On-Demand interface would walk the tokens for
 * us, but tells neither where a key or a string ends nor how often one was repeated; the list of
 * tokens that stands beneath it does, so we take that. All of simdjson's kernels (chosen for the
 * machine at run time) fill the same list.
 */
#include "codec/json/index.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

#include <simdjson.h>

struct np_json_index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> scanner;
};

namespace
{
constexpr size_t first_capacity = 64 * 1024;
constexpr size_t no_depth = 1; /* of the second stage, which is not used */

/* Doubles, so that slowly growing records do not cost an allocation each. */
simdjson::error_code make_room(simdjson::internal::dom_parser_implementation &scanner, size_t len)
{
    if (len <= scanner.capacity())
        return simdjson::SUCCESS;
    if (len > simdjson::SIMDJSON_MAXSIZE_BYTES)
        return simdjson::CAPACITY;
    size_t doubled = std::min(scanner.capacity() * 2, simdjson::SIMDJSON_MAXSIZE_BYTES);
    return scanner.set_capacity(std::max({len, doubled, first_capacity}));
}

enum np_json_index_status status_of(simdjson::error_code error)
{
    switch (error) {
    case simdjson::SUCCESS:
        return NP_JSON_INDEX_OK;
    case simdjson::UTF8_ERROR:
        return NP_JSON_INDEX_NOT_UTF8;
    case simdjson::UNCLOSED_STRING:
        return NP_JSON_INDEX_OPEN_STRING;
    case simdjson::UNESCAPED_CHARS:
        return NP_JSON_INDEX_CONTROL;
    case simdjson::CAPACITY:
        return NP_JSON_INDEX_TOO_LONG;
    case simdjson::MEMALLOC:
        return NP_JSON_INDEX_NO_MEMORY;
    default:
        return NP_JSON_INDEX_NO_TOKEN;
    }
}
} // namespace

int np_json_index_new(struct np_json_index **out_index)
{
    std::unique_ptr<np_json_index> index(new (std::nothrow) np_json_index);
    if (index == nullptr || simdjson::get_active_implementation()->create_dom_parser_implementation(
                                first_capacity, no_depth, index->scanner) != simdjson::SUCCESS)
        return -ENOMEM;
    *out_index = index.release();
    return 0;
}

void np_json_index_free(struct np_json_index **index)
{
    delete *index;
    *index = nullptr;
}

enum np_json_index_status np_json_index_build(struct np_json_index *index, const char *text,
                                              size_t len, struct np_json_tokens *out_tokens)
{
    simdjson::internal::dom_parser_implementation &scanner = *index->scanner;
    simdjson::error_code error = make_room(scanner, len);
    if (error == simdjson::SUCCESS)
        error = scanner.stage1(reinterpret_cast<const uint8_t *>(text), len,
                               simdjson::stage1_mode::regular);
    if (error != simdjson::SUCCESS)
        return status_of(error);
    uint32_t *begin = scanner.structural_indexes.get();
    uint32_t *end = begin + scanner.n_structural_indexes;
    *end = static_cast<uint32_t>(len);
    *out_tokens = {begin, end};
    return NP_JSON_INDEX_OK;
}

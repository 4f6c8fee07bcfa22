// For tests of stores: statuses, rows and blocks as texts that can be compared and read.
#pragma once

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/store/store.hpp"

namespace reckoner::support {

// "ok", or the status's name: "fenced".
std::string fault_of(const storage::StoreStatus& status);
// With code and detail.
std::string told(const storage::StoreStatus& status);

// Bytes for people: what is not printable as \x00, what is long cut, with its size and a digest.
std::string shown(std::string_view bytes);
// A row of a typed table by its cells, a decimal by its number and a JSON text without spaces
// between its tokens, so that what may be written in two ways is shown in one; others as bytes.
std::string shown_value(storage::Table table, std::string_view value);

// What is in a table or a shard, a line for each row or block: "key = value".
using Lines = std::vector<std::string>;
std::string shown_row(storage::Table table, std::string_view key, std::string_view value);
std::string shown_block(std::uint64_t first_sequence, std::uint32_t count, std::string_view block);
Lines rows_of(storage::Reader& reader, storage::Table table, std::string_view from = {});
Lines blocks_of(storage::Reader& reader, std::uint32_t shard, std::uint64_t from_sequence = 1);
// The row's value as shown_value says, or "nothing".
std::string value_of(storage::Reader& reader, storage::Table table, std::string_view key);

// Something to put into a table: any bytes, or, in a typed one, a row that holds `text`.
std::string some_key(storage::Table table, std::string_view text);
std::string some_value(storage::Table table, std::string_view text);

}  // namespace reckoner::support

#define CHECK_FAULT(EXPECTED, CALL)                              \
  do {                                                           \
    const reckoner::storage::StoreStatus came_back = (CALL);     \
    INFO("it said: " << reckoner::support::told(came_back));     \
    CHECK(reckoner::support::fault_of(came_back) == (EXPECTED)); \
  } while (false)
#define CHECK_OK(CALL) CHECK(reckoner::support::told(CALL) == "ok")
#define REQUIRE_OK(CALL) REQUIRE(reckoner::support::told(CALL) == "ok")

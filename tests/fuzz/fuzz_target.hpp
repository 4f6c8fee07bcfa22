// What a fuzzer's input is, and what holds of every state of the engine whatever came before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/check.hpp"
#include "engine/customer/state_encoding.hpp"
#include "engine/ledger/ledger.hpp"

// Takes any bytes and returns 0. What it finds wrong aborts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace reckoner::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes the text up to the next line break, and the break, from the front.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// No cent is lost, and a snapshot is the state, with all that is derived from it.
inline void check_customer(const CustomerState& state, const Books& books) {
  RECKONER_CHECK(conservation_gap(state) == Money{}, "cost is not charges and accrued");
  const std::string snapshot = encode_snapshot(state);
  CustomerState again;
  RECKONER_CHECK(decode_snapshot(snapshot, books, again), "a snapshot does not decode");
  RECKONER_CHECK(encode_snapshot(again) == snapshot, "a decoded snapshot is another one");
  RECKONER_CHECK(again.current == state.current && again.own_due == state.own_due &&
                     again.blocked() == state.blocked(),
                 "what is derived from a snapshot is not what it was");
}

inline void check_identity(const MemoryIdentityTables& tables) {
  Encoder out;
  encode(out, tables);
  Decoder in(out.bytes());
  MemoryIdentityTables again;
  RECKONER_CHECK(decode(in, again) && in.finished(), "identity's tables do not decode");
  Encoder once_more;
  encode(once_more, again);
  RECKONER_CHECK(once_more.bytes() == out.bytes(), "decoded tables are others");
}

inline void check_ledger(const Ledger& ledger) {
  for (const CustomerState& state : ledger.customers()) check_customer(state, ledger.books());
  check_identity(ledger.identity());
}

}  // namespace reckoner::fuzz

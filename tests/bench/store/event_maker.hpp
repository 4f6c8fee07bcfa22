// The traffic that the store is measured with. Every event follows from its place in the stream
// alone, so that any earlier one can be sent again, and what is to come of it is known.
//
//   10 000 active customers of a million, Zipf with s = 1: the first has a tenth of all events.
//   Keys are UUIDs of version 4, as text. An entry takes about 135 bytes in the journal.
//   1 % are repeats of a random earlier event of the whole stream, a tenth of them with other
//   content, which is a conflict.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/driver/driver.hpp"

namespace reckoner::bench {

inline constexpr std::uint32_t kActiveCustomers = 10'000;

// Events as they are handed to the driver, and what each must come to. Owns their bytes.
struct MadeEvents {
  std::vector<storage::UsageEvent> events;
  std::vector<storage::Verdict::Kind> expected;
  Instant at;  // when they are accepted
  std::vector<char> bytes;
};

class EventMaker {
 public:
  EventMaker();

  // The events of the stream from `first` on.
  void make(std::uint64_t first, std::size_t count, MadeEvents& out) const;

  // By rank, the most active first.
  static std::string customer_id(std::uint32_t rank);
  // Before every event.
  static Instant start();

 private:
  std::uint32_t rank_of(std::uint64_t random) const;
  char* write_event(std::uint64_t index, char* to, storage::UsageEvent& event) const;

  // Walker's alias table: a place that is not kept by the one who is there goes to another.
  std::vector<std::uint32_t> kept_, other_;
  std::vector<std::string> ids_;
};

}  // namespace reckoner::bench

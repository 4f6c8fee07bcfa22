// A whole history in memory, moved so that its last line is now, and dealt out to connections.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/books/settings.hpp"
#include "sim/drive/groups.hpp"
#include "sim/drive/moved_line.hpp"

namespace reckoner::sim {

struct MovingOptions {
  Instant now;
  WebhookScheme scheme = WebhookScheme::standard;
  Micros max_age = Settings().max_age();
};

class MovedHistory {
 public:
  // Takes the lines of a history in, as they stand in its file.
  void add(std::string_view text);

  // Once, after all lines. Errors (`invalid_history`): a line that cannot be read, with its number,
  // and a `book` line, for the engine's own configuration says what is in force; `too_long`: usage
  // that was in time in the history would be too old, as all of it is sent now.
  Status move(const MovingOptions& options);

  // In the history's order.
  const std::vector<MovedLine>& lines() const { return lines_; }
  // By connection, the numbers of its lines, in order.
  std::vector<std::vector<std::uint32_t>> deal(std::size_t connections);

  // Lines that are not sent: what settles charges is the engine's own.
  std::uint64_t settlements_passed_over() const { return settlements_; }
  // How far the times were moved.
  Micros moved_by() const { return by_; }

 private:
  std::string_view keep(std::string_view text, std::pmr::monotonic_buffer_resource& where);
  Status take(Mover& mover, std::string_view text, const json::HistoryReader& reader,
              Micros max_age);
  Status check_age(const MovingOptions& options) const;

  std::pmr::monotonic_buffer_resource raw_, moved_;
  std::vector<std::string_view> texts_;
  std::vector<MovedLine> lines_;
  Groups groups_;
  Micros by_ = 0;
  std::uint64_t settlements_ = 0;
  Instant oldest_ = kDistantFuture;  // moved, of usage that was in time
};

}  // namespace reckoner::sim

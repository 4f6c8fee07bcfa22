// What the service tells its log.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "actors/http/api/access_record.hpp"
#include "actors/log/log.hpp"

namespace reckoner::service {

// Refusals and failures at `info` and above, what went well at `debug`: a busy engine answers ten
// thousand a second.
void tell_access(log::Log& log, const http::api::AccessRecord& record);

// How far opening a store has come, every few seconds.
class OpeningProgress {
 public:
  explicit OpeningProgress(log::Log& log) : log_(&log) {}
  void operator()(std::uint64_t done, std::uint64_t total, std::string_view what);

 private:
  log::Log* log_;
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(2);
};

}  // namespace reckoner::service

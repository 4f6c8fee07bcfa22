// Requests and answers over keep-alive connections of HTTP/1.1: one thread, each connection with
// one request under way at a time. What is sent and when says a Talker; this only carries it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"
#include "sim/drive/target.hpp"

namespace reckoner::sim {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Answer {
  enum class Outcome : std::uint8_t {
    arrived,
    not_sent,  // no connection: nothing has happened
    lost,      // it may have been received, and done
  };
  Outcome outcome = Outcome::arrived;
  unsigned status = 0;
  std::string_view body;  // valid during the call
  std::optional<std::int64_t> retry_after_seconds;
  std::string_view why;  // where none arrived
  std::chrono::microseconds took{0};
};

class Talker {
 public:
  enum class Next : std::uint8_t { send, wait, finished };
  virtual ~Talker() = default;

  // What a connection is to do now: send `request` (all of it, as bytes, and left alone until the
  // answer is there), wait `until` that time and be asked again, or nothing ever more.
  virtual Next next(std::size_t connection, std::string_view& request, SteadyTime& until) = 0;
  virtual void answered(std::size_t connection, const Answer& answer) = 0;
};

struct ExchangeOptions {
  std::size_t connections = 1;
  std::chrono::milliseconds timeout{30'000};  // for connecting, and for an answer
};

// Until all connections are finished. A connection that breaks, or has been idle for some seconds,
// is made anew for the next request. The error (`unknown_host`) is that of the target's name.
Status exchange(const Target& target, const ExchangeOptions& options, Talker& talker);

}  // namespace reckoner::sim

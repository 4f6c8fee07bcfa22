// The log: an event's name and fields, a line each, as text or JSON.
//
//   log.info("ready", {{"entries", 123}, {"took_ms", 5}});
//
// From any thread. A call puts its line together and hands it to a thread that writes; it never
// waits for the disk or for whoever reads. Where lines come faster than they are written, the
// oldest go, and a line `log_dropped` says how many. What the caller must see to: no secrets (a
// config::Secret does not compile here), and no personal data beyond ids.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "actors/log/options.hpp"
#include "actors/log/value.hpp"

namespace reckoner::log {

class Log {
 public:
  using Fields = std::initializer_list<Field>;

  explicit Log(const Options& options);
  // Writes all that was handed in, but waits no longer than the options' patience for a reader that
  // does not read.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

  // An error that can go on and on: in a minute a few of the same event are logged; the others are
  // counted, and a line `alarms_suppressed` says so afterwards.
  void alarm(std::string_view event, Fields fields = {});

  bool enabled(Level level) const { return level >= level_; }
  void write(Level level, std::string_view event, std::span<const Field> fields) {
    if (enabled(level)) put(level, event, fields);
  }

  // What was handed in before is written when it returns true; false: that took longer than the
  // options' patience.
  bool flush();
  // Lines that were never written.
  std::uint64_t dropped() const;

 private:
  class Impl;
  void write(Level level, std::string_view event, Fields fields) {
    write(level, event, std::span(fields.begin(), fields.size()));
  }
  void put(Level level, std::string_view event, std::span<const Field> fields);

  Level level_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::log

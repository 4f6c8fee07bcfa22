// Plays a moved history against a running engine over HTTP, waits until nothing is on its way, and
// compares what the engine has come to with a replay of what was sent.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/books/books.hpp"
#include "sim/drive/differences.hpp"
#include "sim/drive/replayed.hpp"
#include "sim/drive/sender.hpp"

namespace reckoner::sim {

struct DriveOptions {
  Target target;
  Access access;
  SendingOptions sending;
  Book book;            // the engine's own
  bool compare = true;  // else it only sends
  bool wait = true;     // until no charge is pending or unknown; else it compares at once
  std::chrono::milliseconds wait_at_most{120'000};
  std::optional<Target> sandbox;                       // where charges went: to be compared, too
  std::string record;                                  // a file for what was sent; empty: none
  bool keep_report = false;                            // the replay's, in the outcome
  std::size_t rows = 20;                               // of differences, at most
  std::function<void(const std::string& what)> phase;  // "waiting for charges"
};

// What a sandbox took.
struct SandboxTotals {
  std::size_t charges = 0;
  Money charged;
};

struct DriveOutcome {
  SendingFigures sending;
  bool compared = false;
  EngineHashes engine;
  std::string replay_money_hash;
  ReportTotals totals;  // of the replay
  std::vector<Difference> differences;
  std::vector<OtherVerdict> other_verdicts;
  std::vector<std::string> other_verdict_lines;  // of the first ones, as they were sent
  std::optional<SandboxTotals> sandbox;          // where there is one
  std::string replay_report;                     // JSON; empty unless it was to be kept

  bool agrees() const {
    return !compared || (engine.money_hash == replay_money_hash && differences.empty() &&
                         other_verdicts.empty());
  }
};

// Errors beside those of Sender and EngineFace: `not_empty` (the engine has customers already: a
// replay from nothing cannot come to the same), `still_on_its_way`, `io_error`.
Result<DriveOutcome> drive(MovedHistory& history, const DriveOptions& options);

}  // namespace reckoner::sim

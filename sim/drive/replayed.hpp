// The record replayed: what the engine should have come to, and whether it said of each line what
// the replay says.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/ledger/report.hpp"
#include "sim/drive/record.hpp"
#include "sim/replay/replayer.hpp"

namespace reckoner::sim {

// A line of which engine and replay say something else.
struct OtherVerdict {
  std::size_t number;  // in the record
  std::string engine, replay;
};

class Replayed {
 public:
  // Replays with this book up to `until`, or the record's end if that is later.
  Replayed(const Book& book, Instant until, const Record& record);
  Status run();

  const Report& report() const { return *report_; }
  const std::vector<OtherVerdict>& other_verdicts() const { return other_verdicts_; }
  const Books& books() const { return replayer_.ledger().books(); }

 private:
  const Record& record_;
  Replayer replayer_;
  std::optional<Report> report_;
  std::vector<OtherVerdict> other_verdicts_;
};

}  // namespace reckoner::sim

#include "sim/drive/replayed.hpp"

#include <algorithm>

namespace reckoner::sim {
namespace {

Instant end_of(const Record& record, Instant until) {
  return record.sent().empty() ? until : std::max(until, record.sent().back().at);
}

// The figures that a line adds one to. (The map of codes is only looked at where it must be.)
struct Counts {
  std::int64_t duplicates, conflicts, rejected;
};
Counts counts_of(const HistoryCounts& counts) {
  return {counts.duplicates, counts.conflicts, counts.rejected};
}

std::int64_t of_code(const HistoryCounts& counts, const std::string& code) {
  const auto found = counts.rejected_by_code.find(code);
  return found == counts.rejected_by_code.end() ? 0 : found->second;
}

Verdict verdict_between(const Counts& before, const Counts& after) {
  if (after.rejected > before.rejected) return Verdict::rejected;
  if (after.conflicts > before.conflicts) return Verdict::conflict;
  return after.duplicates > before.duplicates ? Verdict::duplicate : Verdict::accepted;
}

bool agrees(Verdict engine, Verdict replay, MovedLine::Kind kind) {
  if (engine == Verdict::unknown) return true;
  if (engine == Verdict::counted) return replay != Verdict::rejected;
  // Polar's answers are the engine's alone: an act on a charge can mean something only there.
  return engine == replay || kind == MovedLine::Kind::operator_act;
}

}  // namespace

Replayed::Replayed(const Book& book, Instant until, const Record& record)
    : record_(record), replayer_({book, end_of(record, until)}) {}

Status Replayed::run() {
  json::JsonLine text;
  for (std::size_t number = 0; number < record_.sent().size(); ++number) {
    const Record::Sent& sent = record_.sent()[number];
    if (sent.verdict == Verdict::refused) continue;
    const std::string& code = record_.code(sent);
    const bool has_code = sent.verdict == Verdict::rejected;
    const Counts before = counts_of(replayer_.counts());
    const std::int64_t before_of_code = has_code ? of_code(replayer_.counts(), code) : 0;
    text.clear();
    const MovedLine& line = record_.line(sent);
    write_history_line(text, line, sent.at);
    if (Result<bool> taken = replayer_.line(text.view()); !taken) return taken.error();
    const Verdict replay = verdict_between(before, counts_of(replayer_.counts()));
    if (!agrees(sent.verdict, replay, line.kind)) {
      other_verdicts_.push_back({number, std::string(verdict_name(sent.verdict)) + ' ' + code,
                                 std::string(verdict_name(replay))});
    } else if (has_code && of_code(replayer_.counts(), code) == before_of_code) {
      other_verdicts_.push_back({number, "rejected " + code, "rejected with another code"});
    }
  }
  report_ = replayer_.report();
  return Done{};
}

}  // namespace reckoner::sim

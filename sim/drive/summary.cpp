#include "sim/drive/summary.hpp"

#include <fmt/format.h>

#include "actors/console/numbers.hpp"

namespace reckoner::sim {
namespace {

using console::grouped;

std::string count(std::uint64_t number) {
  return grouped(static_cast<std::int64_t>(number));
}

std::string milliseconds(std::chrono::microseconds length) {
  return fmt::format("{:.2f} ms", static_cast<double>(length.count()) / 1000);
}

std::string by_code(const std::map<std::string, std::uint64_t>& codes) {
  std::string out;
  for (const auto& [code, number] : codes)
    out += (out.empty() ? " (" : ", ") + code + ' ' + count(number);
  return out.empty() ? out : out + ')';
}

std::string kinds_text(const SendingFigures& figures) {
  std::string out =
      fmt::format("  {:<9} {:>12} {:>11} {:>11}  {}\n", "kind", "lines", "p50", "p99", "answers");
  for (int i = 0; i < kMovedKinds; ++i) {
    const SendingFigures::OfKind& kind = figures.kinds[static_cast<std::size_t>(i)];
    if (kind.lines == 0 && kind.statuses.empty()) continue;
    std::string statuses;
    for (const auto& [status, number] : kind.statuses)
      statuses += fmt::format("{}{} × {}", statuses.empty() ? "" : ", ", status, count(number));
    out += fmt::format("  {:<9} {:>12} {:>11} {:>11}  {}\n",
                       kind_name(static_cast<MovedLine::Kind>(i)), count(kind.lines),
                       milliseconds(kind.latencies.per_mille(500)),
                       milliseconds(kind.latencies.per_mille(990)), statuses);
  }
  return out;
}

std::string sending_text(const SendingFigures& figures) {
  const double seconds = std::max(figures.took.count(), 1e-6);
  const double rate = static_cast<double>(figures.lines()) / seconds;
  std::string out = fmt::format("sent {} lines in {:.2f} s: {} events/s\n", count(figures.lines()),
                                seconds, grouped(static_cast<std::int64_t>(rate)));
  out += kinds_text(figures);
  out += fmt::format("  accepted {}, duplicates {}, conflicts {}, rejected {}{}\n",
                     count(figures.accepted), count(figures.duplicates), count(figures.conflicts),
                     count(figures.rejected), by_code(figures.rejected_by_code));
  if (figures.refused > 0)
    out += fmt::format("  refused {}{}: nothing of it happened, and the replay leaves it out\n",
                       count(figures.refused), by_code(figures.refused_by_code));
  if (figures.retries > 0 || figures.lost > 0)
    out += fmt::format("  sent again {}, answers lost {}\n", count(figures.retries),
                       count(figures.lost));
  if (!figures.doubtful.empty())
    out += fmt::format(
        "  doubtful {}: usage without a key whose answer was lost; the engine may "
        "have it or not, the replay has it\n",
        count(figures.doubtful.size()));
  return out;
}

// What the engine says, what a replay comes to, and what arrived at the sandbox, side by side.
std::string totals_text(const DriveOutcome& outcome) {
  const ReportTotals& totals = outcome.totals;
  const bool sandbox = outcome.sandbox.has_value();
  const auto row = [&](const char* what, const char* name, const std::string& replay,
                       const std::string& taken = "") {
    const auto told = outcome.engine.totals.find(name);
    const std::string engine = told == outcome.engine.totals.end() ? "" : grouped(told->second);
    std::string text = fmt::format("  {:<10}{:>20}{:>20}", what, engine, grouped(replay));
    if (sandbox) text += fmt::format("{:>20}", grouped(taken));
    return text.erase(text.find_last_not_of(' ') + 1) + '\n';
  };
  std::string out = fmt::format("  {:<10}{:>20}{:>20}", "", "engine", "replay");
  out += sandbox ? fmt::format("{:>20}\n", "sandbox") : "\n";
  out += row("customers", "customers", std::to_string(totals.customers));
  out += row("requests", "requests", std::to_string(totals.requests));
  out += row("tokens", "tokens", std::to_string(totals.tokens));
  out += row("cost $", "cost_usd", format_money(totals.cost));
  out += row("charges", "charges", std::to_string(totals.charges),
             sandbox ? std::to_string(outcome.sandbox->charges) : "");
  out += row("charged $", "charged_usd", format_cents(totals.charged),
             sandbox ? format_cents(outcome.sandbox->charged) : "");
  out += row("accrued $", "accrued_usd", format_money(totals.accrued));
  return out;
}

std::string verdicts_text(const DriveOutcome& outcome) {
  if (outcome.other_verdicts.empty()) return "";
  std::string out =
      fmt::format("{} lines were judged differently\n", count(outcome.other_verdicts.size()));
  for (std::size_t i = 0; i < outcome.other_verdict_lines.size(); ++i)
    out += fmt::format("  engine {}, replay {}: {}\n", outcome.other_verdicts[i].engine,
                       outcome.other_verdicts[i].replay, outcome.other_verdict_lines[i]);
  return out;
}

}  // namespace

std::string drive_summary(const DriveOutcome& outcome) {
  std::string out = sending_text(outcome.sending);
  if (!outcome.compared) return out;
  out += totals_text(outcome);
  out += verdicts_text(outcome);
  if (!outcome.differences.empty())
    out += "what differs first\n" + differences_table(outcome.differences);
  const bool same = outcome.engine.money_hash == outcome.replay_money_hash;
  out += fmt::format("money hash {} engine\n           {} replay: {}\n", outcome.engine.money_hash,
                     outcome.replay_money_hash, same ? "the same" : "NOT the same");
  out += fmt::format("state hash {} engine, as of {}\n", outcome.engine.state_hash,
                     format_instant(outcome.engine.at));
  return out;
}

}  // namespace reckoner::sim

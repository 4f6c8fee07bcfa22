#include "sim/drive/drive_report.hpp"

#include <map>
#include <string>

#include "engine/json/json_line.hpp"

namespace reckoner::sim {
namespace {

using json::JsonLine;

std::int64_t whole(double number) {
  return static_cast<std::int64_t>(number);
}

std::int64_t whole(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

// {"name":…,…} of whatever `value` writes.
void object(JsonLine& out, const auto& members, auto value) {
  out.raw("{");
  bool first = true;
  for (const auto& [name, content] : members) {
    if (!first) out.raw(",");
    first = false;
    if constexpr (std::is_same_v<std::decay_t<decltype(name)>, unsigned>)
      out.raw("\"").number(name).raw("\":");
    else
      out.quoted(name).raw(":");
    value(content);
  }
  out.raw("}");
}

void counts(JsonLine& out, const auto& members) {
  object(out, members, [&](std::uint64_t count) { out.number(whole(count)); });
}

void kinds(JsonLine& out, const SendingFigures& figures) {
  bool first = true;
  for (int i = 0; i < kMovedKinds; ++i) {
    const SendingFigures::OfKind& kind = figures.kinds[static_cast<std::size_t>(i)];
    if (kind.lines == 0) continue;
    out.raw(first ? "" : ",").raw("{\"kind\":");
    first = false;
    out.quoted(kind_name(static_cast<MovedLine::Kind>(i)));
    out.raw(",\"lines\":").number(whole(kind.lines));
    out.raw(",\"p50_us\":").number(kind.latencies.per_mille(500).count());
    out.raw(",\"p99_us\":").number(kind.latencies.per_mille(990).count());
    out.raw(",\"statuses\":");
    counts(out, kind.statuses);
    out.raw("}");
  }
}

void sent(JsonLine& out, const SendingFigures& figures) {
  const double seconds = std::max(figures.took.count(), 1e-6);
  out.raw("{\"lines\":").number(whole(figures.lines()));
  out.raw(",\"took_ms\":").number(whole(seconds * 1000));
  out.raw(",\"lines_per_second\":").number(whole(static_cast<double>(figures.lines()) / seconds));
  out.raw(",\"accepted\":").number(whole(figures.accepted));
  out.raw(",\"duplicates\":").number(whole(figures.duplicates));
  out.raw(",\"conflicts\":").number(whole(figures.conflicts));
  out.raw(",\"rejected\":").number(whole(figures.rejected)).raw(",\"rejected_by_code\":");
  counts(out, figures.rejected_by_code);
  out.raw(",\"refused\":").number(whole(figures.refused)).raw(",\"refused_by_code\":");
  counts(out, figures.refused_by_code);
  out.raw(",\"sent_again\":").number(whole(figures.retries));
  out.raw(",\"answers_lost\":").number(whole(figures.lost));
  out.raw(",\"doubtful\":").number(whole(figures.doubtful.size())).raw(",\"kinds\":[");
  kinds(out, figures);
  out.raw("]}");
}

void compared(JsonLine& out, const DriveOutcome& outcome) {
  out.raw(",\n\"engine\":{\"at\":").time(outcome.engine.at);
  out.raw(",\"state_hash\":").quoted(outcome.engine.state_hash);
  out.raw(",\"money_hash\":").quoted(outcome.engine.money_hash).raw(",\"totals\":");
  object(out, outcome.engine.totals, [&](const std::string& value) { out.quoted(value); });
  out.raw("},\n\"sandbox\":");
  if (outcome.sandbox) {
    out.raw("{\"charges\":").number(whole(outcome.sandbox->charges));
    out.raw(",\"charged_usd\":").quoted(format_cents(outcome.sandbox->charged)).raw("}");
  } else {
    out.raw("null");
  }
  out.raw(",\n\"judged_differently\":").number(whole(outcome.other_verdicts.size()));
  out.raw(",\n\"differences\":[");
  for (std::size_t i = 0; i < outcome.differences.size(); ++i) {
    const Difference& one = outcome.differences[i];
    out.raw(i == 0 ? "" : ",").raw("{\"where\":").quoted(one.where);
    out.raw(",\"field\":").quoted(one.field).raw(",\"engine\":").quoted(one.engine);
    out.raw(",\"replay\":").quoted(one.replay).raw("}");
  }
  out.raw("],\n\"replay\":").raw(outcome.replay_report);
}

}  // namespace

void write_drive_report(const DriveOutcome& outcome,
                        const std::function<void(std::string_view)>& sink) {
  JsonLine out;
  out.raw("{\"compared\":").raw(outcome.compared ? "true" : "false");
  out.raw(",\"agrees\":").raw(!outcome.compared ? "null" : outcome.agrees() ? "true" : "false");
  out.raw(",\n\"sent\":");
  sent(out, outcome.sending);
  if (outcome.compared) compared(out, outcome);
  out.raw("}\n");
  sink(out.view());
}

}  // namespace reckoner::sim

#include "sim/drive/drive.hpp"

#include <thread>

#include "engine/json/report_json.hpp"

namespace reckoner::sim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{100};

Status check_empty(const EngineFace& engine) {
  const Result<EngineHashes> hashes = engine.hashes();
  if (!hashes) return hashes.error();
  const auto customers = hashes->totals.find("customers");
  if (customers == hashes->totals.end() || customers->second == "0") return Done{};
  return Error{"not_empty", "the engine has " + customers->second +
                                " customers already, and a replay of what is sent begins with "
                                "none; it takes an engine on a fresh store, or --no-compare"};
}

Status wait_for_charges(const EngineFace& engine, const DriveOptions& options) {
  const auto until = Clock::now() + options.wait_at_most;
  for (const std::string_view status : {"pending", "unknown", "pending"}) {
    while (true) {
      const Result<std::size_t> some = engine.charges(status);
      if (!some) return some.error();
      if (*some == 0) break;
      if (Clock::now() > until)
        return Error{"still_on_its_way",
                     (*some == EngineFace::kManyCharges ? "at least " : "") +
                         std::to_string(*some) + " charges are still " + std::string(status) +
                         " after " + std::to_string(options.wait_at_most.count() / 1000) +
                         " s; --wait takes more seconds (the engine's polar.requests_per_minute "
                         "says how many it sends), and --no-wait compares at once, where it has no "
                         "Polar to send charges to"};
      std::this_thread::sleep_for(kBetweenLooks);
    }
  }
  return Done{};
}

Status compare_charges(const DriveOptions& options, const Report& replay, DriveOutcome& out) {
  const EngineFace sandbox(*options.sandbox, {"", options.access.webhook_secret});
  const Result<std::vector<SandboxCharge>> charges = sandbox.sandbox_charges();
  if (!charges) return charges.error();
  out.sandbox.emplace();
  for (const SandboxCharge& charge : *charges) {
    ++out.sandbox->charges;
    // What is no amount is found as a difference.
    if (const auto amount = parse_money(charge.amount_usd)) out.sandbox->charged += *amount;
  }
  const auto found = different_charges(*charges, replay, options.rows);
  out.differences.insert(out.differences.end(), found.begin(), found.end());
  return Done{};
}

Status compare(const EngineFace& engine, const Record& record, const DriveOptions& options,
               DriveOutcome& out) {
  options.phase("asking for hashes");
  Result<EngineHashes> hashes = engine.hashes();
  if (!hashes) return hashes.error();
  out.engine = std::move(*hashes);
  options.phase("replaying");
  Replayed replayed(options.book, out.engine.at, record);
  if (Status run = replayed.run(); !run) return run;
  const Report& report = replayed.report();
  out.compared = true;
  out.replay_money_hash = report.money_hash;
  out.totals = report.totals;
  if (options.keep_report)
    json::write_report(report, [&](std::string_view part) { out.replay_report += part; });
  out.other_verdicts = replayed.other_verdicts();
  for (const OtherVerdict& other : out.other_verdicts) {
    if (out.other_verdict_lines.size() == options.rows) break;
    json::JsonLine text;
    const Record::Sent& sent = record.sent()[other.number];
    write_history_line(text, record.line(sent), sent.at);
    out.other_verdict_lines.emplace_back(text.view());
  }
  out.differences = different_totals(out.engine, report);
  if (options.sandbox)
    if (Status compared = compare_charges(options, report, out); !compared) return compared;
  if (out.agrees()) return Done{};
  options.phase("looking for differences");
  auto customers = different_customers(engine, report, options.rows);
  if (!customers) return customers.error();
  out.differences.insert(out.differences.end(), customers->begin(), customers->end());
  return Done{};
}

}  // namespace

Result<DriveOutcome> drive(MovedHistory& history, const DriveOptions& asked) {
  DriveOptions options = asked;
  if (!options.phase) options.phase = [](const std::string&) {};
  const EngineFace engine(options.target, options.access);
  if (options.compare)
    if (Status empty = check_empty(engine); !empty) return empty.error();
  Sender sender(history, options.target, options.access, options.sending);
  const Status sent = sender.send();
  if (!options.record.empty())
    if (Status written = sender.record().write(options.record); !written) return written.error();
  if (!sent) return sent.error();
  DriveOutcome out;
  out.sending = sender.figures();
  if (!options.compare) return out;
  if (options.wait) {
    options.phase("waiting until no charge is on its way");
    if (Status waited = wait_for_charges(engine, options); !waited) return waited.error();
  }
  if (Status compared = compare(engine, sender.record(), options, out); !compared)
    return compared.error();
  return out;
}

}  // namespace reckoner::sim

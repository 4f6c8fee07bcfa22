#include "actors/commands/verify_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <thread>

#include "actors/commands/open_driver.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/numbers.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/standard_output.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using storage::Fault;
using storage::StoreStatus;

// With the store's lock where nobody holds it, so that nothing changes meanwhile; beside a living
// owner, or where nothing may be written, for reading only.
StoreStatus open_for_verify(storage::StoreOptions options, std::unique_ptr<storage::Store>& store,
                            bool& at_rest) {
  at_rest = true;
  StoreStatus failed = open_store(options, store);
  if (!failed) {
    const std::string owner = "reckoner storage verify, process " + std::to_string(getpid());
    failed = store->lock(owner, false);
    if (!failed || failed->fault != Fault::held) return failed;
  } else if (failed->code != "read_only") {
    return failed;
  }
  store.reset();
  at_rest = false;
  options.read_only = true;
  return open_store(options, store);
}

std::string number(std::uint64_t value) {
  return grouped(static_cast<std::int64_t>(value));
}

}  // namespace

std::string verify_table(const storage::VerifyReport& report) {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{:<16}{}\n", name, value);
  };
  line("entries", number(report.entries));
  line("customers", number(report.customers));
  if (report.set_aside > 0) line("set aside", number(report.set_aside));
  line("rows compared", number(report.rows));
  line("until", format_instant(report.at));
  const bool conserved = report.conservation_gap == Money{};
  line("conservation",
       conserved ? "holds" : "off by " + format_money(report.conservation_gap) + " USD");
  if (!report.state_hash.empty()) line("state hash", report.state_hash);
  if (!report.money_hash.empty()) line("money hash", report.money_hash);
  if (report.damages_found == 0) return out;
  out += fmt::format("\n{} differences; the first of them:\n", number(report.damages_found));
  for (const storage::Damage& damage : report.damages)
    out += fmt::format("  {}: {}\n", damage.where, damage.what);
  return out;
}

int verify(const StoreFlags& flags) {
  std::unique_ptr<storage::Store> store;
  storage::VerifyOptions options;
  if (StoreStatus failed = open_for_verify(store_options(flags), store, options.at_rest))
    return end_with_failure(*failed, flags);
  // Where that cannot be read, verifying says what is wrong.
  if (StoreStatus failed = check_finished(*store); failed && failed->code == "unfinished_import")
    return end_with_failure(*failed, flags);
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::optional<console::ProgressBar> bar;
  options.on_progress = [&bar](std::uint64_t done, std::uint64_t total, std::string_view) {
    if (!bar) bar.emplace("verify", total);
    bar->update(done);
  };
  const auto report = verify_store(*store, options);
  bar.reset();
  if (!report) return end_with(kFailed, report.error().detail);
  if (Status written = console::write_standard_output(verify_table(*report)); !written)
    return end_with(kFailed, written.error().detail);
  if (report->holds()) return kDone;
  return end_with(kFailed, report->damages.empty()
                               ? "conservation does not hold"
                               : report->damages[0].where + ": " + report->damages[0].what);
}

}  // namespace reckoner::commands

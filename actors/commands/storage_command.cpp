#include "actors/commands/storage_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "actors/commands/store_flags.hpp"
#include "actors/commands/store_table.hpp"
#include "actors/commands/verify_command.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/standard_output.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using storage::StoreStatus;

int info(const StoreFlags& flags) {
  storage::StoreOptions options = store_options(flags);
  options.read_only = true;
  options.migrating = true;  // an older store can be looked at, too
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store)) return end_with_failure(*failed, flags);
  StoreReport report;
  if (StoreStatus failed = look_at(*store, report)) return end_with_failure(*failed, flags);
  const Status written = console::write_standard_output(store_table(report));
  return written ? kDone : end_with(kFailed, written.error().detail);
}

int migrate(const StoreFlags& flags) {
  storage::StoreOptions options = store_options(flags);
  options.migrating = true;
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store)) return end_with_failure(*failed, flags);
  return migrate_store(*store);
}

// A bar for each thing that is done in turn.
class StepBars {
 public:
  void update(std::uint64_t done, std::uint64_t total, std::string_view what) {
    if (!bar_ || what != what_ || total != total_) {
      bar_.reset();
      bar_.emplace("migrate: " + std::string(what), total);
      what_ = what;
      total_ = total;
    }
    bar_->update(done);
  }

 private:
  std::optional<console::ProgressBar> bar_;
  std::string what_;
  std::uint64_t total_ = 0;
};

std::string schema(std::uint32_t version) {
  return "schema " + std::to_string(version);
}

}  // namespace

int migrate_store(storage::Store& store) {
  const std::string owner = "reckoner storage migrate, process " + std::to_string(getpid());
  storage::StoreInfo before, after;
  if (StoreStatus failed = store.lock(owner, false)) return end_with_failure(*failed);
  if (StoreStatus failed = store.info(before)) return end_with_failure(*failed);
  if (before.schema_version == before.schema_newest)
    return end_with(kDone, "the store has " + schema(before.schema_version) +
                               ", the newest: there is nothing to do");
  {
    StepBars bars;
    const StoreStatus failed =
        store.migrate([&bars](std::uint64_t done, std::uint64_t total, std::string_view what) {
          bars.update(done, total, what);
        });
    if (failed) return end_with_failure(*failed);
  }
  if (StoreStatus failed = store.info(after)) return end_with_failure(*failed);
  if (after.schema_version != before.schema_newest)
    return end_with(kFailed, "the store has " + schema(after.schema_version) + " still, not " +
                                 schema(before.schema_newest));
  return end_with(kDone, "the store had " + schema(before.schema_version) + " and now has " +
                             schema(after.schema_version));
}

void add_storage_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<StoreFlags>();
  CLI::App* group = app.add_subcommand("storage", "The store itself, whatever it holds");
  group->require_subcommand(1);
  CLI::App* info_command = group->add_subcommand(
      "info",
      "Says where the store is, its schema, its size, and how much its journal holds. "
      "Works beside a running engine");
  add_store_flags(*info_command, *flags);
  info_command->callback([flags, &exit_code] { exit_code = info(*flags); });
  CLI::App* migrate_command = group->add_subcommand(
      "migrate", "Brings an older store's schema up to date. No engine may run on it meanwhile");
  add_store_flags(*migrate_command, *flags);
  migrate_command->callback([flags, &exit_code] { exit_code = migrate(*flags); });
  CLI::App* verify_command = group->add_subcommand(
      "verify",
      "Folds the whole journal again and compares all that is stored with what follows from it. "
      "Works beside a running engine; exit 1 where anything differs");
  add_store_flags(*verify_command, *flags);
  verify_command->callback([flags, &exit_code] { exit_code = verify(*flags); });
}

}  // namespace reckoner::commands

#include "actors/commands/history_commands.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "actors/commands/book_flags.hpp"
#include "actors/commands/history_file.hpp"
#include "actors/commands/open_driver.hpp"
#include "actors/commands/store_files.hpp"
#include "actors/commands/store_flags.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/numbers.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/whole_number.hpp"
#include "actors/files/line_output.hpp"
#include "storage/history/history_export.hpp"
#include "storage/history/history_import.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using storage::StoreStatus;

struct Flags {
  StoreFlags store;
  BookFlags book;
  std::string history, shards;
};

std::string count_text(std::uint64_t count, const std::string& what) {
  return grouped(static_cast<std::int64_t>(count)) + ' ' + what;
}

int export_to_file(const Flags& flags) {
  storage::StoreOptions options = store_options(flags.store);
  options.read_only = true;
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store))
    return end_with_failure(*failed, flags.store);
  if (StoreStatus failed = check_finished(*store)) return end_with_failure(*failed, flags.store);
  if (is_file_of_store(flags.history, options.url))
    return end_with(kWrongUsage, "--history is " + flags.history +
                                     ", a file of the store itself; it takes one of its own");
  auto output = files::LineOutput::open(flags.history);
  if (!output) return end_with(kFailed, output.error().detail);
  std::optional<console::ProgressBar> bar;
  const auto counts = storage::export_history(
      *store, [&](std::string_view lines) { return output->write_bytes(lines), Status(Done{}); },
      [&](std::uint64_t done, std::uint64_t total, std::string_view) {
        if (!bar) bar.emplace("export", total);
        bar->update(done);
      });
  bar.reset();
  if (!counts) return end_with(kFailed, counts.error().detail);
  if (Status closed = output->close(); !closed) return end_with(kFailed, closed.error().detail);
  return end_with(kDone, "exported " + count_text(counts->entries, "entries as ") +
                             count_text(counts->lines, "lines"));
}

int import_from_file(const Flags& flags) {
  const auto shards = console::read_whole_number("--shards", flags.shards, 1, kMostShards);
  if (!shards) return end_with(kWrongUsage, shards.error().detail);
  Result<Book> book = read_book(flags.book);
  if (!book) return end_with(kWrongUsage, book.error().detail);
  Result<HistoryFile> history = HistoryFile::open(flags.history, "--history");
  if (!history) return end_with(kWrongUsage, history.error().detail);
  OpenDriver open{"reckoner import", static_cast<std::uint32_t>(*shards), *book};
  std::unique_ptr<storage::Driver> driver;
  if (StoreStatus failed = open_empty(store_options(flags.store), open, driver))
    return end_with_failure(*failed, flags.store);
  storage::HistoryImport import(*driver, {});
  Status done = history->feed_to(import, "import");
  if (done.ok()) done = import.finish();
  if (done.ok())
    if (storage::CommitResult ended = driver->end_import(); !ended.committed())
      done = ended.error->as_error();
  if (!done) return end_with(kFailed, done.error().detail + std::string(kUnfinished));
  const HistoryCounts& counts = import.counts();
  return end_with(
      kDone, "imported " + grouped(counts.events) + " events: " + grouped(counts.accepted) +
                 " accepted, " + grouped(counts.duplicates) + " duplicates, " +
                 grouped(counts.rejected) + " rejected, " + grouped(counts.parked) + " parked");
}

CLI::App* add_command(CLI::App& app, const std::shared_ptr<Flags>& flags, const char* name,
                      const char* help, const char* history_help) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("--history", flags->history, history_help)->required()->type_name("FILE");
  add_store_flags(*command, flags->store);
  return command;
}

}  // namespace

void add_history_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  flags->shards = std::to_string(storage::kDefaultShards);
  CLI::App* export_command = add_command(
      app, flags, "export",
      "Writes the journal as a history, which import and reckoner-sim replay read. Works beside a "
      "running engine",
      "where to (- is standard output; .gz is packed)");
  export_command->callback([flags, &exit_code] { exit_code = export_to_file(*flags); });
  CLI::App* import_command = add_command(app, flags, "import", "Makes a new store of a history",
                                         "the history (JSON Lines, also .gz; - is standard input)");
  add_book_flags(*import_command, flags->book);
  import_command
      ->add_option("--shards", flags->shards,
                   "how many shards the new store's customers are spread over, 1 to " +
                       std::to_string(kMostShards) + "; fixed for ever")
      ->type_name("N")
      ->capture_default_str();
  import_command->callback([flags, &exit_code] { exit_code = import_from_file(*flags); });
}

}  // namespace reckoner::commands

#include "sim/commands/replay_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
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
#include "actors/console/standard_output.hpp"
#include "actors/files/line_output.hpp"
#include "actors/files/mapped_file.hpp"
#include "engine/json/report_json.hpp"
#include "sim/replay/actor_replay.hpp"
#include "sim/replay/replayer.hpp"
#include "sim/replay/report_table.hpp"
#include "storage/history/history_import.hpp"

namespace reckoner::sim {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using console::ProgressBar;

constexpr std::size_t kEntriesInCommit = 4'000;

struct Flags {
  commands::BookFlags book;
  std::string history, until, report = "table", out, journal;
  commands::StoreFlags store;
  bool actors = false;
};

// --- from flags to options ------------------------------------------------------------------

Result<ReplayOptions> read_options(const Flags& flags) {
  ReplayOptions options;
  Result<Book> book = commands::read_book(flags.book);
  if (!book) return book.error();
  options.book = std::move(book).value();
  if (flags.until.empty()) return options;
  options.until = parse_instant(flags.until);
  if (!options.until)
    return invalid("--until is '" + flags.until + "'; it takes a time like 2026-02-01T00:00:00Z");
  return options;
}

// --- running --------------------------------------------------------------------------------

bool begins_as_journal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string beginning(kJournalFileMark.size(), '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return is_journal_file(beginning);
}

Status replay_journal(Replayer& replayer, const std::string& path) {
  Result<files::MappedFile> file = files::MappedFile::open(path);
  if (!file) return file.error();
  ProgressBar progress("replay", file->bytes().size());
  Status done = replayer.journal(file->bytes(), [&](std::size_t bytes) { progress.update(bytes); });
  progress.finish();
  if (!done) return Error{done.error().code, path + ": " + done.error().detail};
  return done;
}

Status write_json(const Report& report, const std::string& path) {
  Result<files::LineOutput> out = files::LineOutput::open(path);
  if (!out) return out.error();
  json::write_report(report, [&](std::string_view part) { out->write_bytes(part); });
  return out->close();
}

Status print(const Report& report, const Flags& flags, const Books& books, double seconds) {
  if (flags.report == "json") return write_json(report, flags.out.empty() ? "-" : flags.out);
  std::string text = report_table(report, books);
  const double rate = static_cast<double>(report.history.events) / seconds;
  text += fmt::format("replayed in {:.2f} s: {} events/s\n", seconds,
                      grouped(static_cast<std::int64_t>(rate)));
  if (!flags.out.empty()) {
    if (Status written = write_json(report, flags.out); !written) return written;
    text += "report in " + flags.out + '\n';
  }
  return console::write_standard_output(text);
}

int finish(const Report& report, const Flags& flags, const Books& books,
           std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (Status printed = print(report, flags, books, took.count()); !printed)
    return end_with(kFailed, printed.error().detail);
  if (report.conservation_gap != Money{})
    return end_with(kFailed, "conservation does not hold: cost - charged - accrued = " +
                                 format_money(report.conservation_gap));
  return kDone;
}

// Through the live engine's actors; the store need not be kept.
int replay_by_actors(const Flags& flags, const ReplayOptions& options) {
  if (!flags.journal.empty())
    return end_with(kWrongUsage, "--journal is for a replay without --actors");
  commands::StoreFlags store = flags.store;
  if (!store.url) store.url = "memory:";
  Result<commands::HistoryFile> history = commands::HistoryFile::open(flags.history, "HISTORY");
  if (!history) return end_with(kWrongUsage, history.error().detail);
  const auto start = std::chrono::steady_clock::now();
  storage::OpenedStore opened;
  if (storage::StoreStatus failed = commands::open_empty_to_work(
          commands::store_options(store),
          {"reckoner-sim replay", storage::kDefaultShards, options.book}, opened))
    return commands::end_with_failure(*failed, store);
  ActorReplayOptions playing;
  playing.until = options.until;
  ActorReplay replay(std::move(opened), playing);
  Status done = history->feed_to(replay, "replay");
  if (done.ok()) done = replay.finish();
  if (!done) return end_with(kFailed, done.error().detail);
  Ledger ledger{Books()};
  Result<Report> report = replay.report(ledger);
  if (!report) return end_with(kFailed, report.error().detail);
  return finish(*report, flags, ledger.books(), start);
}

// Through the engine on a store, which keeps all of it.
int replay_on_store(const Flags& flags, const ReplayOptions& options) {
  if (!flags.journal.empty())
    return end_with(kWrongUsage, "--journal is for a replay without --storage, which has its own");
  const storage::StoreOptions store = commands::store_options(flags.store);
  if (!flags.out.empty() && commands::is_file_of_store(flags.out, store.url))
    return end_with(kWrongUsage, "--out is " + flags.out +
                                     ", a file of the store itself; it takes one of its own");
  Result<commands::HistoryFile> history = commands::HistoryFile::open(flags.history, "HISTORY");
  if (!history) return end_with(kWrongUsage, history.error().detail);
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<storage::Driver> driver;
  if (storage::StoreStatus failed = commands::open_empty(
          store, {"reckoner-sim replay", storage::kDefaultShards, options.book}, driver))
    return commands::end_with_failure(*failed, flags.store);
  storage::HistoryImport import(*driver, {options.until, kEntriesInCommit});
  const auto failed = [](const std::string& why) {
    return end_with(kFailed, why + std::string(commands::kUnfinished));
  };
  Status done = history->feed_to(import, "replay");
  if (done.ok()) done = import.finish();
  if (!done) return failed(done.error().detail);
  Ledger ledger{Books()};
  Result<Report> report = import.report(ledger);
  if (!report) return failed(report.error().detail);
  if (storage::CommitResult ended = driver->end_import(); !ended.committed())
    return failed(ended.error->detail);
  return finish(*report, flags, ledger.books(), start);
}

int replay(const Flags& flags) {
  Result<ReplayOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  const bool is_journal = flags.history != "-" && begins_as_journal(flags.history);
  if (is_journal && flags.store.url)
    return end_with(kWrongUsage, "--storage is for a history, and not for a journal file");
  if (is_journal && flags.actors)
    return end_with(kWrongUsage, "--actors is for a history, and not for a journal file");
  if (flags.actors) return replay_by_actors(flags, *options);
  if (flags.store.url) return replay_on_store(flags, *options);
  if (is_journal && flags.book.given())
    return end_with(kWrongUsage,
                    "--prices and --set are not for a journal file, which brings the "
                    "books that were in force; they are for a history");
  std::optional<commands::HistoryFile> history;
  if (!is_journal) {
    Result<commands::HistoryFile> opened = commands::HistoryFile::open(flags.history, "HISTORY");
    if (!opened) return end_with(kWrongUsage, opened.error().detail);
    history = std::move(*opened);
  }
  Replayer replayer(*options);
  std::optional<files::LineOutput> journal_file;
  std::optional<JournalFileWriter> journal;
  if (!flags.journal.empty()) {
    Result<files::LineOutput> opened = files::LineOutput::open(flags.journal);
    if (!opened) return end_with(kFailed, opened.error().detail);
    journal_file = std::move(*opened);
    journal.emplace([&](std::string_view bytes) { journal_file->write_bytes(bytes); });
    replayer.write_to(&*journal);
  }
  const auto start = std::chrono::steady_clock::now();
  const Status done =
      is_journal ? replay_journal(replayer, flags.history) : history->feed_to(replayer, "replay");
  if (!done) return end_with(kFailed, done.error().detail);
  const Report report = replayer.report();
  if (journal) {
    journal->finish();
    if (Status written = journal_file->close(); !written)
      return end_with(kFailed, written.error().detail);
  }
  return finish(report, flags, replayer.ledger().books(), start);
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  flags->store.url_flag = "--storage";
  CLI::App* command = app.add_subcommand(
      "replay",
      "Runs a history (JSON Lines, also .gz; - is standard input) or a journal file "
      "through the engine on virtual time, and reports what it came to");
  command->add_option("history", flags->history, "the history or journal file")
      ->required()
      ->type_name("HISTORY");
  commands::add_book_flags(*command, flags->book);
  command->add_option("--until", flags->until, "how far time goes; else to the last line's `at`")
      ->type_name("T");
  command->add_option("--report", flags->report, "table (default) or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json"}));
  command
      ->add_option("--out", flags->out,
                   "writes the report as JSON to this file, beside the table if that is printed")
      ->type_name("F");
  command
      ->add_option("--journal", flags->journal,
                   "also writes what was accepted to this file, as a binary journal")
      ->type_name("F");
  command->add_flag("--actors", flags->actors,
                    "through the live engine's actors on a deterministic scheduler, on --storage "
                    "(default memory:)");
  command
      ->add_option("--storage", flags->store.url,
                   "runs it through a store, which keeps it: memory:, sqlite:PATH, postgres://…; "
                   "one that is not there yet")
      ->type_name("U");
  command
      ->add_option("--plugin-dir", flags->store.plugin_dir,
                   "where storage plugins are; else plugins, beside the program's folder")
      ->type_name("D");
  command->callback([flags, &exit_code] { exit_code = replay(*flags); });
}

}  // namespace reckoner::sim

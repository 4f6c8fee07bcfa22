#include "sim/commands/replay_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/json/price_book_json.hpp"
#include "engine/json/report_json.hpp"
#include "sim/commands/failure.hpp"
#include "sim/files/line_input.hpp"
#include "sim/files/line_output.hpp"
#include "sim/files/mapped_file.hpp"
#include "sim/output/numbers.hpp"
#include "sim/output/progress.hpp"
#include "sim/replay/replayer.hpp"
#include "sim/replay/report_table.hpp"

namespace reckoner::sim {
namespace {

struct Flags {
  std::string history, prices, until, report = "table", out, journal;
  std::vector<std::string> settings;
};

// --- from flags to options ------------------------------------------------------------------

Status read_prices(const std::string& path, PriceBook& prices) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return invalid("--prices is " + path + "; it takes a file with a price book");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Result<PriceBook> read = json::read_price_book(text);
  if (!read) return invalid("--prices is " + path + ": " + read.error().detail);
  prices = std::move(read).value();
  return Done{};
}

Status read_setting(const std::string& assignment, Settings& settings) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    return invalid("--set is '" + assignment + "'; it takes key=value");
  Status set = set_setting(settings, assignment.substr(0, equals), assignment.substr(equals + 1));
  return set ? set : invalid("--set: " + set.error().detail);
}

Result<ReplayOptions> read_options(const Flags& flags) {
  ReplayOptions options;
  if (!flags.prices.empty())
    if (Status read = read_prices(flags.prices, options.book.prices); !read) return read.error();
  for (const std::string& assignment : flags.settings)
    if (Status set = read_setting(assignment, options.book.settings); !set) return set.error();
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
  Result<MappedFile> file = MappedFile::open(path);
  if (!file) return file.error();
  ProgressBar progress("replay", file->bytes().size());
  Status done = replayer.journal(file->bytes(), [&](std::size_t bytes) { progress.update(bytes); });
  progress.finish();
  if (!done) return Error{done.error().code, path + ": " + done.error().detail};
  return done;
}

Status replay_lines(Replayer& replayer, const std::string& path) {
  auto input = LineInput::open(path);
  if (!input) return input.error();
  ProgressBar progress("replay", input->bytes_total());
  std::string_view line;
  for (std::uint64_t lines = 0; input->next(line); ++lines) {
    if (lines % 4096 == 0) progress.update(input->bytes_read());
    Result<bool> more = replayer.line(line);
    if (!more) return Error{more.error().code, path + ": " + more.error().detail};
    if (!*more) break;
  }
  progress.finish();
  return input->status();
}

Status write_json(const Report& report, const std::string& path) {
  Result<LineOutput> out = LineOutput::open(path);
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
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? Status(Done{}) : Status(Error{"unwritable", "standard output"});
}

int replay(const Flags& flags) {
  Result<ReplayOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  const bool is_journal = flags.history != "-" && begins_as_journal(flags.history);
  if (is_journal && (!flags.prices.empty() || !flags.settings.empty()))
    return end_with(kWrongUsage,
                    "--prices and --set are not for a journal file, which brings the "
                    "books that were in force; they are for a history");
  Replayer replayer(*options);
  std::optional<LineOutput> journal_file;
  std::optional<JournalFileWriter> journal;
  if (!flags.journal.empty()) {
    Result<LineOutput> opened = LineOutput::open(flags.journal);
    if (!opened) return end_with(kFailed, opened.error().detail);
    journal_file = std::move(*opened);
    journal.emplace([&](std::string_view bytes) { journal_file->write_bytes(bytes); });
    replayer.write_to(&*journal);
  }
  const auto start = std::chrono::steady_clock::now();
  const Status done =
      is_journal ? replay_journal(replayer, flags.history) : replay_lines(replayer, flags.history);
  if (!done) return end_with(kFailed, done.error().detail);
  const Report report = replayer.report();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (journal) {
    journal->finish();
    if (Status written = journal_file->close(); !written)
      return end_with(kFailed, written.error().detail);
  }
  if (Status printed = print(report, flags, replayer.ledger().books(), took.count()); !printed)
    return end_with(kFailed, printed.error().detail);
  if (report.conservation_gap != Money{})
    return end_with(kFailed, "conservation does not hold: cost - charged - accrued = " +
                                 format_money(report.conservation_gap));
  return kDone;
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "replay",
      "Runs a history (JSON Lines, also .gz; - is standard input) or a journal file "
      "through the engine on virtual time, and reports what it came to");
  command->add_option("history", flags->history, "the history or journal file")
      ->required()
      ->type_name("HISTORY");
  command->add_option("--prices", flags->prices, "price book (JSON); else the built-in one")
      ->type_name("F");
  command->add_option("--until", flags->until, "how far time goes; else to the last line's `at`")
      ->type_name("T");
  command->add_option("--set", flags->settings, "a setting, as billing.threshold_usd=5.00")
      ->type_name("k=v")
      ->allow_extra_args(false);
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
  command->callback([flags, &exit_code] { exit_code = replay(*flags); });
}

}  // namespace reckoner::sim

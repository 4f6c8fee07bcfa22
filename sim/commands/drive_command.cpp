#include "sim/commands/drive_command.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "actors/commands/book_flags.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/standard_output.hpp"
#include "actors/console/whole_number.hpp"
#include "actors/files/line_input.hpp"
#include "actors/files/line_output.hpp"
#include "sim/drive/drive.hpp"
#include "sim/drive/drive_report.hpp"
#include "sim/drive/summary.hpp"

namespace reckoner::sim {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using console::ProgressBar;
using console::read_whole_number;

struct Flags {
  commands::BookFlags book;
  std::string history, target, api_key, webhook_secret, scheme = "standard", sandbox, record, out;
  std::string rate = "max", connections = "32", batch = "1", wait = "120", patience = "60";
  bool no_wait = false, no_compare = false;
};

// --- from flags to options ------------------------------------------------------------------

Status read_numbers(const Flags& flags, DriveOptions& options) {
  const auto number = [](const char* flag, const std::string& text, std::uint64_t high) {
    return read_whole_number(flag, text, 1, high);
  };
  const auto connections = number("--connections", flags.connections, 10'000);
  if (!connections) return connections.error();
  const auto batch = number("--batch", flags.batch, 10'000);
  if (!batch) return batch.error();
  const auto wait = number("--wait", flags.wait, 86'400);
  if (!wait) return wait.error();
  const auto patience = number("--patience", flags.patience, 86'400);
  if (!patience) return patience.error();
  options.sending.connections = *connections;
  options.sending.batch = *batch;
  options.wait_at_most = std::chrono::seconds(*wait);
  options.sending.patience = std::chrono::seconds(*patience);
  if (flags.rate == "max") return Done{};
  const auto rate = number("--rate", flags.rate, 10'000'000);
  if (!rate) return invalid(rate.error().detail + ", or max");
  options.sending.rate = *rate;
  return Done{};
}

Result<DriveOptions> read_options(const Flags& flags) {
  DriveOptions options;
  Result<Target> target = read_target("--target", flags.target);
  if (!target) return target.error();
  options.target = std::move(*target);
  if (!flags.sandbox.empty()) {
    Result<Target> sandbox = read_target("--sandbox", flags.sandbox);
    if (!sandbox) return sandbox.error();
    options.sandbox = std::move(*sandbox);
  }
  if (flags.webhook_secret.size() < polar::kShortestSecret)
    return invalid("--webhook-secret is of " + std::to_string(flags.webhook_secret.size()) +
                   " bytes; it takes the engine's secret, of at least " +
                   std::to_string(polar::kShortestSecret));
  if (flags.api_key.find_first_of("\r\n") != std::string::npos)
    return invalid("--api-key has a line break in it; it takes a key of the engine's");
  options.access.api_key = flags.api_key;
  options.access.webhook_secret = flags.webhook_secret;
  if (flags.scheme == "guide") options.access.scheme = WebhookScheme::guide;
  Result<Book> book = commands::read_book(flags.book);
  if (!book) return book.error();
  options.book = std::move(*book);
  options.compare = !flags.no_compare;
  options.wait = !flags.no_wait;
  options.record = flags.record;
  options.keep_report = !flags.out.empty();
  if (Status numbers = read_numbers(flags, options); !numbers) return numbers.error();
  return options;
}

// --- running --------------------------------------------------------------------------------

int exit_code_of(const Error& error) {
  const bool usage = error.code == "unauthorized" || error.code == "too_long" ||
                     error.code == "not_empty" || error.code == "unknown_host";
  return usage ? kWrongUsage : kFailed;
}

Status load(const std::string& path, MovedHistory& history, const MovingOptions& options) {
  auto input = files::LineInput::open(path);
  if (!input) return invalid("HISTORY: " + input.error().detail);
  ProgressBar progress("read", input->bytes_total());
  std::string_view line;
  while (input->next(line)) {
    history.add(line);
    progress.update(input->bytes_read());
  }
  if (Status read = input->status(); !read) return invalid("HISTORY: " + read.error().detail);
  progress.finish();
  Status moved = history.move(options);
  if (!moved) return Error{moved.error().code, path + ": " + moved.error().detail};
  return moved;
}

Instant now() {
  using std::chrono::microseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<microseconds>(since).count()};
}

Status write_report(const DriveOutcome& outcome, const std::string& path) {
  Result<files::LineOutput> out = files::LineOutput::open(path);
  if (!out) return out.error();
  write_drive_report(outcome, [&](std::string_view part) { out->write_bytes(part); });
  return out->close();
}

int drive_history(const Flags& flags) {
  Result<DriveOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  MovedHistory history;
  const Status loaded = load(flags.history, history,
                             {now(), options->access.scheme, options->book.settings.max_age()});
  if (!loaded)
    return end_with(
        loaded.error().code == "invalid_field" ? kWrongUsage : exit_code_of(loaded.error()),
        loaded.error().detail);
  if (history.settlements_passed_over() > 0)
    end_with(kDone, std::to_string(history.settlements_passed_over()) +
                        " settlement lines are passed over: the engine settles its charges itself");
  std::optional<ProgressBar> progress;
  progress.emplace("drive", history.lines().size());
  options->sending.progress = [&](std::uint64_t lines) { progress->update(lines); };
  options->phase = [&](const std::string& what) {
    progress.emplace(what);
    progress->update(0);
  };
  const Result<DriveOutcome> outcome = drive(history, *options);
  progress.reset();
  if (!outcome) return end_with(exit_code_of(outcome.error()), outcome.error().detail);
  if (!flags.out.empty())
    if (Status written = write_report(*outcome, flags.out); !written)
      return end_with(kFailed, written.error().detail);
  if (Status printed = console::write_standard_output(drive_summary(*outcome)); !printed)
    return end_with(kFailed, printed.error().detail);
  if (!outcome->agrees())
    return end_with(kFailed, "the engine has not come to what a replay of the same comes to");
  return kDone;
}

void add_sending_flags(CLI::App& command, Flags& flags) {
  command.add_option("--rate", flags.rate, "lines a second, or max (default)")->type_name("N");
  command.add_option("--connections", flags.connections, "at most so many at once; default 32")
      ->type_name("N");
  command
      .add_option("--batch", flags.batch,
                  "up to so many usage lines that follow each other go as one batch; default 1")
      ->type_name("N");
  command
      .add_option("--webhook-scheme", flags.scheme,
                  "how webhooks are signed: standard (Polar's, the default) or guide")
      ->type_name("SCHEME")
      ->check(CLI::IsMember({"standard", "guide"}));
  command
      .add_option("--patience", flags.patience,
                  "seconds for which a line that is not taken is sent again; default 60")
      ->type_name("S");
}

void add_comparing_flags(CLI::App& command, Flags& flags) {
  commands::add_book_flags(command, flags.book);
  command
      .add_option("--record", flags.record,
                  "writes what was sent, in that order, to this file: a history")
      ->type_name("F");
  command
      .add_option("--out", flags.out,
                  "writes what it came to, as JSON, to this file, beside the summary")
      ->type_name("F");
  command
      .add_option("--sandbox", flags.sandbox,
                  "where the engine's charges go: each must be there, once")
      ->type_name("URL");
  command
      .add_option("--wait", flags.wait,
                  "seconds until no charge may be on its way any more; default 120")
      ->type_name("S");
  command.add_flag("--no-wait", flags.no_wait, "compares at once, whatever is on its way");
  command.add_flag("--no-compare", flags.no_compare, "only sends");
}

}  // namespace

void add_drive_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "drive",
      "Plays a history (JSON Lines, also .gz; - is standard input) against a running engine over "
      "HTTP, its times moved so that its last line is now, and compares what the engine has come "
      "to with a replay. --prices and --set are what the engine is configured with");
  command->add_option("history", flags->history, "the history")->required()->type_name("HISTORY");
  command->add_option("--target", flags->target, "the engine, as http://127.0.0.1:8080")
      ->required()
      ->type_name("URL");
  command
      ->add_option("--api-key", flags->api_key,
                   "one of its keys, with the scopes usage, read and admin")
      ->required()
      ->type_name("K");
  command->add_option("--webhook-secret", flags->webhook_secret, "what it knows webhooks by")
      ->required()
      ->type_name("S");
  add_sending_flags(*command, *flags);
  add_comparing_flags(*command, *flags);
  command->callback([flags, &exit_code] { exit_code = drive_history(*flags); });
}

}  // namespace reckoner::sim

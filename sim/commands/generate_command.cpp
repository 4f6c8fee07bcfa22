#include "sim/commands/generate_command.hpp"

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <string>

#include "actors/console/failure.hpp"
#include "actors/console/numbers.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/whole_number.hpp"
#include "actors/files/line_output.hpp"
#include "sim/generate/generator.hpp"

namespace reckoner::sim {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using console::ProgressBar;
using console::read_whole_number;

constexpr Instant kEarliest{0};                           // 1970
constexpr Instant kLatest{32'503'680'000 * kSecond - 1};  // the end of 2999

struct Flags {
  std::string customers = "100", days = "30", seed = "1", events;
  std::string from = "2026-01-01T00:00:00Z";
  std::string out;
};

Status read_number(const char* flag, const std::string& text, std::uint64_t low, std::uint64_t high,
                   std::uint64_t& into) {
  Result<std::uint64_t> read = read_whole_number(flag, text, low, high);
  if (!read) return read.error();
  into = *read;
  return Done{};
}

Status read_from(const std::string& text, Instant& into) {
  const auto from = parse_instant(text);
  if (!from || *from < kEarliest || *from > kLatest)
    return invalid("--from is '" + text +
                   "'; it takes a time like 2026-01-01T00:00:00Z, of the years 1970 to 2999");
  into = *from;
  return Done{};
}

Result<GenerateOptions> read_options(const Flags& flags) {
  constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
  GenerateOptions out;
  Status read = read_number("--customers", flags.customers, 1, kMaxCustomers, out.customers);
  if (read) read = read_number("--days", flags.days, 1, kMaxDays, out.days);
  if (read) read = read_number("--seed", flags.seed, 0, kAny, out.seed);
  if (read && !flags.events.empty())
    read = read_number("--events", flags.events, 1, kMaxEvents, out.events);
  if (read) read = read_from(flags.from, out.from);
  if (!read) return read.error();
  return out;
}

int run(const Flags& flags) {
  const Result<GenerateOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  Result<files::LineOutput> out = files::LineOutput::open(flags.out);
  if (!out) return end_with(kFailed, out.error().detail);

  std::int64_t lines = 0;
  ProgressBar progress("generate", options->customers + usage_events(*options));
  generate(
      *options,
      [&](std::string_view line) {
        out->write(line);
        ++lines;
      },
      [&](std::uint64_t done, std::uint64_t) { progress.update(done); });
  progress.finish();
  if (Status closed = out->close(); !closed) return end_with(kFailed, closed.error().detail);
  return end_with(kDone, "wrote " + grouped(lines) + " lines to " + flags.out);
}

}  // namespace

void add_generate_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "generate",
      "Makes up a history: customers, subscriptions, payments and usage, with repeats, "
      "late and bad events among them. The same flags make the same bytes");
  command->add_option("--customers", flags->customers, "how many customers")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--days", flags->days, "how many days")
      ->type_name("D")
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "another seed makes another history")
      ->type_name("S")
      ->capture_default_str();
  command
      ->add_option("--events", flags->events,
                   "how many usage events; else about 50 for each customer and month")
      ->type_name("N");
  command->add_option("--from", flags->from, "when it begins")
      ->type_name("T")
      ->capture_default_str();
  command->add_option("--out", flags->out, "file to write; - is standard output, .gz is packed")
      ->required()
      ->type_name("F");
  command->callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace reckoner::sim

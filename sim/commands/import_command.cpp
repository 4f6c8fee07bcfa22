#include "sim/commands/import_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/console/failure.hpp"
#include "actors/console/numbers.hpp"
#include "actors/console/progress.hpp"
#include "actors/console/whole_number.hpp"
#include "sim/importing/csv_import.hpp"

namespace reckoner::sim {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using console::ProgressBar;
using console::read_whole_number;

struct Flags {
  std::vector<std::string> csv;
  std::string map, assign, out;
};

Result<ImportOptions> read_options(const Flags& flags) {
  ImportOptions out;
  out.csv = flags.csv;
  out.out = flags.out;
  Result<ColumnMap> map = parse_column_map(flags.map);
  if (!map) return map.error();
  out.map = std::move(map).value();
  if (flags.assign.empty()) return out;
  Result<std::uint64_t> assign = read_whole_number("--assign", flags.assign, 1, kMaxAssigned);
  if (!assign) return assign.error();
  out.assign = *assign;
  return out;
}

int run(const Flags& flags) {
  const Result<ImportOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  std::optional<ProgressBar> progress;  // its length is known once the files are
  Result<ImportSummary> done = import_csv(*options, [&](std::uint64_t bytes, std::uint64_t total) {
    if (!progress) progress.emplace("import", total);
    progress->update(bytes);
  });
  progress.reset();
  if (!done) {
    const bool wrong_flags = done.error().code == "invalid_field";
    return end_with(wrong_flags ? kWrongUsage : kFailed, done.error().detail);
  }
  return end_with(kDone, "wrote " + grouped(static_cast<std::int64_t>(done->lines)) + " lines to " +
                             flags.out + ": " + grouped(static_cast<std::int64_t>(done->rows)) +
                             " rows of " + grouped(static_cast<std::int64_t>(done->customers)) +
                             " customers");
}

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "import", "Makes a history of a CSV export: each row becomes a usage event at its own time");
  command
      ->add_option("--csv", flags->csv,
                   "CSV file with a header line; more than one are merged; - is standard input, "
                   ".gz is unpacked")
      ->required()
      ->type_name("F")
      ->allow_extra_args(false);
  command
      ->add_option("--map", flags->map,
                   "which columns are what: customer=COL,tokens=COL[+COL],timestamp=COL"
                   "[,operation=COL][,idempotency_key=COL]")
      ->required()
      ->type_name("MAP");
  command
      ->add_option("--assign", flags->assign,
                   "for rows that carry no customer: spreads them over N customers in turn")
      ->type_name("N");
  command->add_option("--out", flags->out, "file to write; - is standard output, .gz is packed")
      ->required()
      ->type_name("F");
  command->callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace reckoner::sim

// The whole service: `reckoner serve` in a process of its own, on SQLite, under real HTTP; and
// beside it, in the same run, what does less: a bare server, and the store alone.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "tests/bench/service/figures.hpp"
#include "tests/bench/service/measure.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  using namespace reckoner::bench;
  ServiceOptions options;
  std::string only;
  bool baseline = false, no_limits = false;
  CLI::App app("The service on SQLite over HTTP, beside its limits");
  app.add_option("--events", options.events, "in the store that batches go into once more");
  app.add_option("--customers", options.customers, "registered, where sleeping ones count")
      ->check(CLI::Range(20'000, 1'000'000));  // the generator has a million ids
  app.add_option("--awake", options.awake, "customers whose memory is measured");
  app.add_option("--seconds", options.seconds, "of each rate");
  app.add_option("--connections", options.connections, "of single events and webhooks");
  app.add_option("--batch-connections", options.batch_connections);
  app.add_option("--only", only)
      ->check(CLI::IsMember({"singles", "batches", "webhooks", "memory", "start"}));
  app.add_option("--folder", options.folder, "where the stores are made (160 bytes an event)");
  app.add_option("--set", options.settings, "key=value, of the service's configuration");
  app.add_flag("--no-limits", no_limits, "leave the limits out");
  app.add_flag("--baseline", baseline, "the Python service of ../shared/baseline, too");
  CLI11_PARSE(app, argc, argv);
  options.limits = !no_limits;
  const bool temporary = options.folder.empty();
  if (temporary) options.folder = "build/service_bench";
  fs::create_directories(options.folder);
  const auto wanted = [&](const char* name) { return only.empty() || only == name; };
  if (wanted("singles") || wanted("webhooks") || wanted("batches")) print_rates_header();
  if (wanted("singles")) measure_singles(options);
  if (wanted("webhooks")) measure_webhooks(options);
  if (wanted("batches")) measure_batches(options);
  if (wanted("memory")) measure_memory(options);
  if (wanted("start")) measure_start(options);
  if (baseline) measure_baseline(options);
  if (temporary) fs::remove_all(options.folder);
}

#include "actors/commands/serve_command.hpp"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/commands/config_flags.hpp"
#include "actors/console/failure.hpp"
#include "actors/service/service.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;

struct Flags {
  ConfigFlags config;
  bool take_over = false;
};

// What ends the service: a signal, or the loss of its store.
class Ending {
 public:
  // Before any other thread is made: all of them leave the signals to this one.
  Ending() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    // Whoever hangs up in the middle of an answer does not end the engine.
    signal(SIGPIPE, SIG_IGN);
    std::thread([this] { await_signals(); }).detach();
  }

  void dead() {
    std::lock_guard lock(mutex_);
    is_dead_ = true;
    changed_.notify_all();
  }
  bool is_dead() {
    std::lock_guard lock(mutex_);
    return is_dead_;
  }
  // From now on a signal ends it in order; before, at once, for nothing was acknowledged.
  void running() {
    std::lock_guard lock(mutex_);
    is_running_ = true;
  }
  // Whether the store was lost.
  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_signalled_ || is_dead_; });
    return is_dead_;
  }

 private:
  void await_signals() {
    while (true) {
      int signal = 0;
      sigwait(&signals_, &signal);
      std::lock_guard lock(mutex_);
      // A second signal: whoever is impatient loses nothing that was acknowledged, either.
      if (!is_running_ || is_signalled_) std::_Exit(is_running_ ? kFailed : kDone);
      is_signalled_ = true;
      changed_.notify_all();
    }
  }

  sigset_t signals_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_running_ = false, is_signalled_ = false, is_dead_ = false;
};

int serve(const Flags& flags) {
  const auto configuration = read_configuration(flags.config);
  if (!configuration) return end_with(kWrongUsage, configuration.error().detail);
  // Its thread waits for signals as long as the process lives.
  static Ending* const ending = new Ending;
  log::Options logging;
  logging.level = configuration->log.level;
  logging.format = configuration->log.format;
  log::Log log(logging);
  for (const std::string& note : configuration->notes) log.warning("note", {{"detail", note}});
  service::ServiceOptions options;
  options.take_over = flags.take_over;
  options.on_dead = [](const storage::StoreError&) { ending->dead(); };
  auto service = service::Service::start(*configuration, log, std::move(options));
  if (!service) {
    log.flush();
    const std::string& code = service.error().code;
    const bool usage = code == "configuration" || code == "held";
    return end_with(usage ? kWrongUsage : kFailed, service.error().detail);
  }
  ending->running();
  const bool dead = ending->wait();
  log.info("stopping", {{"why", dead ? "the store is lost" : "a signal"}});
  if (dead) {
    // What was acknowledged is durable, and nothing else matters: the next start recovers it.
    log.flush();
    std::_Exit(kFailed);
  }
  if (const Status stopped = (*service)->stop(); !stopped)
    log.warning("not_all_written", {{"detail", stopped.error().detail}});
  service->reset();
  log.flush();
  return ending->is_dead() ? kFailed : kDone;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "serve", "Runs the engine until SIGTERM or SIGINT; docs/operations/ says how");
  add_config_flags(*command, flags->config);
  command->add_flag("--takeover", flags->take_over,
                    "takes the store from an engine that holds it, which is fenced off");
  command->callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace reckoner::commands

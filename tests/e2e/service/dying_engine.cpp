// The service, on a store that ends the process at a commit: right before it, or right after, when
// all of it is durable and nothing applied. RECKONER_DIE says which: "before:#7" is the seventh,
// "after:TEXT" one whose journal blocks hold that text.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "actors/service/service.hpp"
#include "storage/faults/faulty_store.hpp"

namespace reckoner {
namespace {

constexpr int kDied = 86;

class DyingStore : public storage::FaultyStore {
 public:
  DyingStore(std::unique_ptr<storage::Store> inner, const std::string& when)
      : FaultyStore(std::move(inner), std::make_shared<storage::Faults>()),
        before_(when.starts_with("before:")),
        what_(when.substr(when.find(':') + 1)) {}

  storage::StoreStatus commit(std::uint32_t lane, const storage::Batch& batch) override {
    const bool now = is_meant(batch);
    if (now && before_) _exit(kDied);
    storage::StoreStatus failed = FaultyStore::commit(lane, batch);
    if (now && !failed) _exit(kDied);
    return failed;
  }

 private:
  bool is_meant(const storage::Batch& batch) {
    const std::uint64_t number = ++commits_;  // lanes commit at the same time
    if (what_.starts_with('#')) return number == std::stoull(what_.substr(1));
    for (const storage::Batch::Operation& operation : batch.operations())
      if (operation.kind == RECKONER_APPEND && operation.value.find(what_) != std::string::npos)
        return true;
    return false;
  }

  const bool before_;
  const std::string what_;
  std::atomic<std::uint64_t> commits_ = 0;
};

int run(int count, char** arguments) {
  config::Sources sources;
  for (int i = 1; i + 1 < count; ++i)
    if (std::strcmp(arguments[i], "--set") == 0) sources.settings.push_back(arguments[++i]);
  const auto configuration = config::load(sources);
  const char* when = std::getenv("RECKONER_DIE");
  if (!configuration || when == nullptr) {
    std::cerr << (configuration ? "RECKONER_DIE is not set" : configuration.error().detail) << '\n';
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  log::Log log{log::Options{}};
  service::ServiceOptions options;
  options.open_store = [when](const storage::StoreOptions& place,
                              std::unique_ptr<storage::Store>& store) {
    storage::StoreStatus failed = storage::open_store(place, store);
    if (!failed) store = std::make_unique<DyingStore>(std::move(store), when);
    return failed;
  };
  const auto service = service::Service::start(*configuration, log, std::move(options));
  if (!service) {
    std::cerr << service.error().detail << '\n';
    return 1;
  }
  while (true) pause();
}

}  // namespace
}  // namespace reckoner

int main(int count, char** arguments) {
  return reckoner::run(count, arguments);
}

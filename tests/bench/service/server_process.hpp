// `reckoner serve` as a real process of its own, on a store in a folder.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/drive/target.hpp"

namespace reckoner::bench {

inline constexpr const char* kWebhookSecret = "whsec_benchmark";

// What a process has used since it began.
struct Used {
  double user = 0, system = 0;  // seconds of processor
  std::uint64_t switches = 0;   // how often one of its threads went to sleep
  double processor() const { return user + system; }
};

// Which prices: those that fill_store's stores have, or the built-in ones. With others than its
// store has the server would begin with a change of the book, which wakes everybody.
enum class Prices { small, built_in };

// Ends the benchmark, saying why, where anything goes wrong.
class ServerProcess {
 public:
  // On the store in `folder` (store.db), which may be new. Comes back when it is ready.
  // `settings`: "key=value".
  explicit ServerProcess(std::filesystem::path folder, std::vector<std::string> settings = {},
                         Prices prices = Prices::small);
  // Ends it in order if it still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  sim::Target target() const { return {"127.0.0.1", std::to_string(port_), ""}; }
  pid_t pid() const { return pid_; }
  // From its start until it said that it was ready.
  double seconds_to_ready() const { return seconds_to_ready_; }
  // Entries behind the marks, which it folded to be ready.
  std::uint64_t folded() const { return folded_; }

  Used used() const;
  std::uint64_t resident_bytes() const;
  void stop();
  void kill();

 private:
  void await_ready();

  std::filesystem::path log_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  double seconds_to_ready_ = 0;
  std::uint64_t folded_ = 0;
};

// A key of all scopes for the store in `folder`.
std::string make_api_key(const std::filesystem::path& folder);

}  // namespace reckoner::bench
